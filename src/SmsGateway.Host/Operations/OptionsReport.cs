using Microsoft.Extensions.Options;

namespace SmsGateway.Host.Operations;

// All wrong options at once, each by its full name, instead of a stack trace about the first. Program asks before it starts anything:
// if (!OptionsReport.Accepts(app.Services, Console.Error)) return 1;
internal static class OptionsReport
{
    /// <summary>Exit code of a process that was configured wrongly.</summary>
    public const int ExitCode = 1;

    /// <returns>False when at least one option is wrong; each was then written to <paramref name="error"/> on a line of its own.</returns>
    public static bool Accepts(IServiceProvider services, TextWriter error)
    {
        var failures = Failures(services);
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

    /// <summary>Every failure of every section added with AddCheckedOptions, and of whatever else validates at start.</summary>
    public static IReadOnlyList<string> Failures(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var failures = services.GetServices<OptionsCheck>().SelectMany(check => check.Failures(configuration)).ToList();
        return failures.Count > 0 ? failures : AtStart(services.GetService<IStartupValidator>());
    }

    // Validators that no section list knows (IValidateOptions of a library) speak only when the list found nothing.
    private static List<string> AtStart(IStartupValidator? validator)
    {
        try
        {
            validator?.Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return [.. e.InnerExceptions.SelectMany(inner => ((OptionsValidationException)inner).Failures)];
        }
    }
}
