using System.Text.RegularExpressions;

namespace SequenceModels.Cultures;

internal sealed partial class Messages
{
    private void Says(string name, Func<object?> make)
    {
        string text;
        try
        {
            text = make()?.ToString() ?? "";
        }
        catch (Exception e)
        {
            text = e.ToString().Contains("at System.Globalization", StringComparison.Ordinal) ? e.ToString()
                : $"{e.GetType().Name}: {e.Message} {e.InnerException?.Message}";
        }
        lock (_told)
            _told.Add((name, text.Replace(_file, "FILE", StringComparison.Ordinal)));
    }

    private void Report(string name, Action<string> write) => Says(name, () =>
    {
        write(_file);
        return File.ReadAllText(_file);
    });

    private static string Run(Action action)
    {
        action();
        return "";
    }

    // The log tells how long a training took, which differs each time: of its numbers only how they are written is compared.
    private static string WithoutNumbers(string text) => Numbers().Replace(text, "0");

    [GeneratedRegex("[0-9]+([.][0-9]+)?(E[+-][0-9]+)?")]
    private static partial Regex Numbers();
}
