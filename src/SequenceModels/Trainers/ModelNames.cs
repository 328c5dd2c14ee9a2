using System.Security.Cryptography;
using Microsoft.ML;
using SequenceModels.Columns;

namespace SequenceModels.Trainers;

/// <summary>
/// Fingerprints of what a model's keys stand for, so that it is not trained on with others: an index says nothing by itself.
/// </summary>
/// <param name="Vocabulary">Of the tokens' names in the order of their keys; empty where they have none.</param>
/// <param name="Classes">Of the classes' names; empty where they have none.</param>
internal sealed record ModelNames(string Vocabulary, string Classes)
{
    public static ModelNames Unknown { get; } = new("", "");

    public static ModelNames Of(DataViewSchema.Column feature, ClassNames? classes) => Of([feature], classes);

    /// <param name="features">All columns that the network reads.</param>
    /// <param name="classes">Null: without names.</param>
    public static ModelNames Of(IReadOnlyList<DataViewSchema.Column> features, ClassNames? classes)
    {
        string[][] tokens = [.. features.Select(TokenNames.Texts)];
        return new ModelNames(
            tokens.All(texts => texts.Length == 0) ? "" : Hash(writer =>
            {
                foreach (string[] texts in tokens)
                    Array.ForEach(texts, writer.Write);
            }),
            classes is null ? "" : Hash(classes.Write));
    }

    /// <summary>Whether nothing is known to differ.</summary>
    public bool AgreeWith(ModelNames other) => !Differ(Vocabulary, other.Vocabulary) && !Differ(Classes, other.Classes);

    /// <summary>Throws if the keys of an earlier model are known to stand for something else.</summary>
    /// <exception cref="ArgumentException">The names differ.</exception>
    public void RequireSame(ModelNames initial, string feature, string label)
    {
        if (Differ(Vocabulary, initial.Vocabulary))
            throw new ArgumentException($"The initial model was trained with another vocabulary: the keys of column '{feature}' stand for other " +
                "tokens than they did, though there are as many. Tokenize the rows with the transform that was fitted for the initial model.", nameof(initial));
        if (Differ(Classes, initial.Classes))
            throw new ArgumentException($"The initial model was trained with other classes: the keys of column '{label}' stand for other values than " +
                "they did, though there are as many. Map the labels with the transform that was fitted for the initial model.", nameof(initial));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Vocabulary);
        writer.Write(Classes);
    }

    public static ModelNames Read(PayloadReader reader) => new(reader.ReadString(), reader.ReadString());

    private static bool Differ(string ours, string theirs) => ours != "" && theirs != "" && ours != theirs;

    private static string Hash(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new PayloadWriter(stream))
            write(writer);
        return Convert.ToHexStringLower(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }
}
