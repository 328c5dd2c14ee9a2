using SequenceModels.Files;
using SequenceModels.Text;

namespace SequenceModels.Tests.Sequences;

/// <summary>The merges of a tokenizer in their order, as the lines of a file of merges.</summary>
internal static class MergeLines
{
    public static string[] Of(BytePairMerges merges)
    {
        using var stream = new MemoryStream();
        using (var writer = new PayloadWriter(stream))
            merges.Write(writer);
        var reader = new PayloadReader(stream.ToArray(), "merges", 1);
        return reader.ReadArray("merges", 2 * sizeof(int),
            from => $"{merges.Tokens[from.ReadInt32()]} {merges.Tokens[from.ReadInt32()]}");
    }
}
