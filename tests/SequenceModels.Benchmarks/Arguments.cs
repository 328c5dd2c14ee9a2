namespace SequenceModels.Benchmarks;

/// <summary>What stands behind a command's name: options with a value, options without, and names.</summary>
internal sealed class Arguments(IEnumerable<string> words)
{
    private readonly List<string> _words = [.. words];

    /// <summary>Whether the option is there.</summary>
    public bool Flag(string option) => _words.Remove(option);

    /// <summary>The word behind the option, or null without the option.</summary>
    public string? Text(string option)
    {
        int at = _words.IndexOf(option);
        if (at < 0)
            return null;
        if (at + 1 == _words.Count)
            throw new ArgumentException($"A value is missing behind {option}.");
        string value = _words[at + 1];
        _words.RemoveRange(at, 2);
        return value;
    }

    public double Number(string option, double otherwise) => Text(option) is not { } text ? otherwise
        : double.TryParse(text, out double number) && number > 0 ? number
        : throw new ArgumentException($"{option} takes a positive number, not {text}.");

    public int Integer(string option, int otherwise) => Text(option) is not { } text ? otherwise
        : int.TryParse(text, out int number) && number > 0 ? number
        : throw new ArgumentException($"{option} takes a positive whole number, not {text}.");

    /// <summary>What no option took; to be asked for last.</summary>
    public string[] Names() => _words.Find(word => word.StartsWith('-')) is { } option
        ? throw new ArgumentException($"There is no option {option} here.") : [.. _words];

    /// <summary>Fails if anything is left.</summary>
    public void End()
    {
        if (Names() is [string name, ..])
            throw new ArgumentException($"{name} means nothing here.");
    }
}
