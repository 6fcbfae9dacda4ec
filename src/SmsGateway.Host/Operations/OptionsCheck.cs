using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace SmsGateway.Host.Operations;

// One section of options: bound, validated when the host starts, and known to OptionsReport, which names every mistake of every section at
// once. The framework's own binder stops at the first value it cannot convert and ignores a misspelt name.
internal sealed class OptionsCheck(string section, Type type, params (string Option, string Hint)[] hints)
{
    public IEnumerable<string> Failures(IConfiguration configuration) =>
        Failures(configuration.GetSection(section), type, Activator.CreateInstance(type)!);

    private IEnumerable<string> Failures(IConfigurationSection section, Type type, object instance)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || IsNested(p)).ToList();
        foreach (var child in section.GetChildren())
        {
            if (!properties.Any(p => string.Equals(p.Name, child.Key, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"{child.Path}: there is no such option (known here: {string.Join(", ", properties.Select(p => p.Name).Order(StringComparer.Ordinal))})";
            }
        }

        foreach (var property in properties)
        {
            var child = section.GetSection(property.Name);
            if (IsNested(property))
            {
                foreach (var failure in Failures(child, property.PropertyType, property.GetValue(instance)!))
                {
                    yield return failure;
                }
            }
            else if (!TryRead(child, property, instance))
            {
                yield return $"{child.Path}: \"{Shown(property, child.Value)}\" is not {Words(property.PropertyType)}";
            }
            else
            {
                var results = new List<ValidationResult>();
                var context = new ValidationContext(instance) { MemberName = property.Name, DisplayName = property.Name };
                if (!Validator.TryValidateProperty(property.GetValue(instance), context, results))
                {
                    foreach (var result in results)
                    {
                        yield return Sentence(child.Path, property, property.GetValue(instance), result.ErrorMessage);
                    }
                }
            }
        }

        // Rules over several options of one section.
        if (instance is IValidatableObject rules)
        {
            foreach (var result in rules.Validate(new ValidationContext(instance)))
            {
                yield return $"{section.Path}:{string.Join('+', result.MemberNames)}: {result.ErrorMessage}";
            }
        }
    }

    private string Sentence(string path, PropertyInfo property, object? value, string? error)
    {
        var hint = Array.Find(hints, hint => hint.Option == property.Name).Hint;
        return value is null or ""
            ? $"{path}: is not set{(hint is null ? "" : "; " + hint)}"
            : $"{path}: {error} (is \"{Shown(property, value)}\")";
    }

    // A value that is set replaces the default in the instance, so that the attributes see what the process would run with.
    private static bool TryRead(IConfigurationSection value, PropertyInfo property, object instance)
    {
        if (!value.Exists())
        {
            return true;
        }

        try
        {
            property.SetValue(instance, value.Get(property.PropertyType));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // what the binder throws for a value it cannot convert
        }
    }

    private static bool IsNested(PropertyInfo property) =>
        property.PropertyType is { IsClass: true } type && type != typeof(string) && type.Namespace?.StartsWith("SmsGateway", StringComparison.Ordinal) is true;

    // A connection string or key in an error message would end in a log.
    private static object? Shown(PropertyInfo property, object? value) =>
        property.Name.Contains("Connection", StringComparison.Ordinal) || property.Name.Contains("Password", StringComparison.Ordinal)
        || property.Name.Contains("Secret", StringComparison.Ordinal) || property.Name.Contains("Key", StringComparison.Ordinal)
            ? "***"
            : value;

    private static string Words(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type)),
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.Int16 or TypeCode.Byte => "a whole number in range",
        TypeCode.Double or TypeCode.Decimal => "a number",
        _ when type == typeof(TimeSpan) || type == typeof(TimeSpan?) => "a duration such as 00:00:30 or 2.00:00:00",
        _ => "a " + type.Name,
    };
}

internal static class OptionsCheckRegistration
{
    /// <summary>Binds a section, has it validated at start, and puts it on the list of <see cref="OptionsReport"/>.</summary>
    public static OptionsBuilder<T> AddCheckedOptions<T>(this IServiceCollection services, string section)
        where T : class =>
        services.AddOptionsCheck<T>(section).AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Puts options that are bound elsewhere on the list; a hint says what to do where an option is not set.</summary>
    public static IServiceCollection AddOptionsCheck<T>(this IServiceCollection services, string section, params (string Option, string Hint)[] hints)
        where T : class =>
        services.AddSingleton(new OptionsCheck(section, typeof(T), hints));
}
