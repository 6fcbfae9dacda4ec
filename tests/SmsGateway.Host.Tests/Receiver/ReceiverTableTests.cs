namespace SmsGateway.Host.Tests.Receiver;

public sealed class ReceiverTableTests
{
    [Fact]
    public void Every_row_of_the_table_has_a_wire_test_and_every_wire_test_a_row()
    {
        var tested = typeof(ReceiverWireTests).GetMethods()
            .SelectMany(m => m.GetCustomAttributesData())
            .Where(a => a.AttributeType == typeof(TraitAttribute) && (string?)a.ConstructorArguments[0].Value == "row")
            .Select(a => (string)a.ConstructorArguments[1].Value!)
            .Distinct();

        Assert.NotEmpty(ReceiverTable.Rows);
        Assert.Equal(ReceiverTable.Rows.Keys.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }
}
