using SequenceModels.Files;

namespace SequenceModels.Reports;

/// <summary>A row, and what a translator made of it.</summary>
/// <param name="Source">[S] its tokens, or the numbers of its frames from 1.</param>
/// <param name="Translation">[T] the tokens that were said.</param>
/// <param name="Label">The tokens that would have been right.</param>
/// <param name="Attention">[T][S] what each token of the source counted; empty where nothing is looked at.</param>
internal sealed record TranslationExample(string[] Source, string[] Translation, string[] Label, float[][] Attention)
{
    public const int LeastBytes = 4 * sizeof(int);

    public void Write(PayloadWriter writer)
    {
        writer.WriteArray(Source);
        writer.WriteArray(Translation);
        writer.WriteArray(Label);
        writer.WriteArray(Attention, (to, row) => to.WriteArray(row));
    }

    public static TranslationExample Read(PayloadReader reader)
    {
        var example = new TranslationExample(reader.ReadStringArray("tokens of the source"),
            reader.ReadStringArray("tokens of a translation"), reader.ReadStringArray("tokens of a label"),
            reader.ReadArray("attention", sizeof(int), row => row.ReadFiniteArray("attention", "a weight of attention")));
        return example.Attention.Length == 0 || (example.Attention.Length == example.Translation.Length &&
            example.Attention.All(row => row.Length == example.Source.Length)) ? example
            : throw reader.Invalid("the attention of an example does not fit its tokens");
    }
}
