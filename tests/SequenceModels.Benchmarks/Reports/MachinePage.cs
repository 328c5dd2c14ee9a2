using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Reports;

/// <summary>
/// The page of one machine, FOLDER/MACHINE.md. It consists of named sections; a command replaces its own and leaves the others,
/// and any text between them, as they are.
/// </summary>
internal sealed class MachinePage
{
    private readonly string _path;
    private string _text;

    private MachinePage(string path, string text) => (_path, _text) = (path, text);

    public static MachinePage Open(string folder, Machine machine)
    {
        string path = Path.Combine(folder, machine.Slug + ".md");
        return new MachinePage(path, File.Exists(path) ? File.ReadAllText(path) : $"""
            # Speed on {machine.Cpu}, {machine.Cores} cores

            Written by `dotnet run -c Release --project tests/SequenceModels.Benchmarks`. What is compared runs in turns in one process;
            a figure is the median of the rounds.

            """.ReplaceLineEndings("\n"));
    }

    /// <summary>Replaces a section, or adds it at the end.</summary>
    /// <param name="name">Names the section in its marks.</param>
    /// <param name="content">Markdown, heading included.</param>
    public void Replace(string name, string content)
    {
        string marked = "section: " + name;
        _text = MarkedText.TryReplace(_text, marked, content) ?? $"{_text.TrimEnd()}\n\n{MarkedText.Mark(marked, content)}\n";
    }

    public void Save() => File.WriteAllText(_path, _text);

    /// <summary>Replaces one section of this machine's page.</summary>
    /// <param name="folder">Where the pages of all machines are; made if it is not there.</param>
    /// <param name="name">Names the section in its marks.</param>
    /// <param name="content">Markdown, heading included.</param>
    public static void WriteSection(string folder, string name, string content)
    {
        Directory.CreateDirectory(folder);
        MachinePage page = Open(folder, Machine.This());
        page.Replace(name, content);
        page.Save();
    }
}
