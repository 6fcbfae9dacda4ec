using System.Reflection;

namespace SmsGateway.Host.Tests.Esme;

public sealed class ProfileTableTests
{
    [Fact]
    public void Every_row_of_the_profile_has_a_wire_test_and_every_wire_test_has_a_row()
    {
        var tested = Tests().SelectMany(RowsOf).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(ProfileTable.Rows.Keys.Except(tested));
        Assert.Empty(tested.Except(ProfileTable.Rows.Keys));
    }

    [Fact]
    public void The_table_was_found()
    {
        Assert.True(ProfileTable.Rows.Count > 80);
    }

    private static IEnumerable<MethodInfo> Tests() => typeof(ProfileTableTests).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(ProfileTableTests).Namespace)
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<FactAttribute>() is not null);

    // [Trait("row", "x")] on a test, or the argument called row of each InlineData.
    private static IEnumerable<string> RowsOf(MethodInfo test)
    {
        foreach (var attribute in test.GetCustomAttributesData())
        {
            if (attribute.AttributeType == typeof(TraitAttribute) && attribute.ConstructorArguments is [{ Value: "row" }, { Value: string row }])
            {
                yield return row;
            }
        }

        var position = Array.FindIndex(test.GetParameters(), parameter => parameter.Name == "row");
        if (position < 0)
        {
            yield break;
        }

        foreach (var data in test.GetCustomAttributes<InlineDataAttribute>().SelectMany(inline => inline.GetData(test)))
        {
            yield return (string)data[position];
        }
    }
}
