using System.Text;

namespace SequenceModels.Benchmarks.Reports;

/// <summary>A table as Markdown has it, built row by row.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(params IReadOnlyList<string> headings)
    {
        Add(headings);
        Add([.. headings.Select(_ => "---")]);
    }

    public void Add(params IReadOnlyList<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    public override string ToString() => _text.ToString();
}
