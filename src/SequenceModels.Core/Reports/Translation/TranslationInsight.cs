using SequenceModels.Files;
using SequenceModels.Training;

namespace SequenceModels.Reports;

/// <summary>
/// What a look into a trained translator shows: how often it is right, by the length of the source, and examples.
/// </summary>
internal sealed record TranslationInsight
{
    /// <summary>What kind of rows was measured, such as "training rows".</summary>
    public required string Rows { get; init; }

    /// <summary>How many of them were measured.</summary>
    public required int NumberOfRows { get; init; }

    /// <summary>How many there were to choose from.</summary>
    public required int ChosenFrom { get; init; }

    /// <summary>Errors by the length of the source, the shortest first; none is of no rows.</summary>
    public required LengthErrors[] Lengths { get; init; }

    /// <summary>Some of the rows.</summary>
    public required TranslationExample[] Examples { get; init; }

    /// <summary>Measures a trained translator when it is first asked for, so that training takes no longer.</summary>
    /// <inheritdoc cref="NetworkInsight.OnDemand" path="/remarks"/>
    public static Lazy<TranslationInsight>? OnDemand(SequenceTranslator translator, SampledRows? examples,
        TranslationNames names, int threads) => examples is not { Data.Count: > 0 } ? null
        : new Lazy<TranslationInsight>(() => new TranslatorMeasurement(translator, examples, names).Measure(threads),
            LazyThreadSafetyMode.PublicationOnly);

    public void Write(PayloadWriter writer)
    {
        writer.Write(Rows);
        writer.Write(NumberOfRows);
        writer.Write(ChosenFrom);
        writer.WriteArray(Lengths, (to, errors) => errors.Write(to));
        writer.WriteArray(Examples, (to, example) => example.Write(to));
    }

    /// <exception cref="InvalidDataException">The payload is no insight, or ends within it.</exception>
    public static TranslationInsight Read(PayloadReader reader) => new()
    {
        Rows = reader.ReadString(),
        NumberOfRows = reader.ReadInt32("the number of measured rows", 0, int.MaxValue),
        ChosenFrom = reader.ReadInt32("the number of rows", 0, int.MaxValue),
        Lengths = reader.ReadArray("lengths of sources", LengthErrors.Bytes, LengthErrors.Read),
        Examples = reader.ReadArray("examples", TranslationExample.LeastBytes, TranslationExample.Read),
    };
}

/// <summary>What a page calls the tokens of both sides, by their keys from 1; 0 is unknown.</summary>
/// <param name="Source">Of the source; of frames it is not asked.</param>
/// <param name="Target">Of the target.</param>
internal sealed record TranslationNames(Func<uint, string> Source, Func<uint, string> Target);
