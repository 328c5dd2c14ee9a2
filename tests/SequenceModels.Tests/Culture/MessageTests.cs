using System.Diagnostics;
using SequenceModels.Tests.Pipelines;
using Xunit;

namespace SequenceModels.Tests.Culture;

public sealed class MessageTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    [Fact]
    public void Messages_log_texts_and_reports_are_the_same_under_every_culture()
    {
        (int code, string told) = RunApp();
        Assert.True(code == 0, $"It ended with {code}:\n{told}");
    }

    private static (int Code, string Told) RunApp()
    {
        using Process process = ChildApp.Start("SequenceModels.Cultures");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (process.WaitForExit(s_longest))
            return (process.ExitCode, $"{errors.Result}\n{output.Result}");
        process.Kill(entireProcessTree: true);
        return (-1, $"It did not end within {s_longest}.");
    }
}
