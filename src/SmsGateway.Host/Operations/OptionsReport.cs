namespace SmsGateway.Host.Operations;

// All wrong options at once, each by its full name, instead of a stack trace about the first. It is asked before Build, because Build makes the
// web server, the web server reads options, and the first wrong one would end the process in the framework's words.
internal static class OptionsReport
{
    /// <summary>Exit code of a process that was configured wrongly.</summary>
    public const int ExitCode = 1;

    /// <returns>False when at least one option is wrong; each was then written to <paramref name="error"/> on a line of its own.</returns>
    public static bool Accepts(WebApplicationBuilder builder, TextWriter error)
    {
        var failures = Failures(builder);
        if (failures.Count == 0)
        {
            return true;
        }

        error.WriteLine(failures.Count == 1 ? "One option is wrong; nothing was started:" : $"{failures.Count} options are wrong; nothing was started:");
        foreach (var failure in failures)
        {
            error.WriteLine("  " + failure);
        }

        error.WriteLine("Options come from appsettings.json, the environment (Section__Name) and the command line (--Section:Name).");
        return false;
    }

    /// <summary>Every failure of every section added with AddCheckedOptions or AddOptionsCheck, and of every rule over several of them.</summary>
    public static IReadOnlyList<string> Failures(WebApplicationBuilder builder) =>
    [
        .. Added<OptionsCheck>(builder).SelectMany(check => check.Failures(builder.Configuration)),
        .. Added<OptionsRule>(builder).Select(rule => rule.Failure(builder.Configuration)).OfType<string>(),
    ];

    private static IEnumerable<T> Added<T>(WebApplicationBuilder builder) => builder.Services
        .Select(service => service.ServiceType == typeof(T) ? service.ImplementationInstance : null)
        .OfType<T>();
}
