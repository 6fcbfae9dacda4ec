using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace SmsGateway.Host.Operations;

/// <summary>Bounds of a <see cref="TimeSpan"/> option, both included, in the notation of configuration files.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationRangeAttribute(string min, string max)
    : ValidationAttribute($"must be a duration from {min} to {max}")
{
    public TimeSpan Min { get; } = TimeSpan.Parse(min, CultureInfo.InvariantCulture);

    public TimeSpan Max { get; } = TimeSpan.Parse(max, CultureInfo.InvariantCulture);

    public override bool IsValid(object? value) => value is null || (value is TimeSpan duration && duration >= Min && duration <= Max);
}
