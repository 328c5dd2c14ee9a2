using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Reports;

/// <summary>Translates rows as a translator is used, and sets what comes out beside their labels.</summary>
/// <param name="translator">Translates.</param>
/// <param name="examples">The rows.</param>
/// <param name="names">What tokens are called.</param>
internal sealed class TranslatorMeasurement(SequenceTranslator translator, SampledRows examples, TranslationNames names)
{
    /// <summary>Rows that are translated, at most: a search takes longer than a score.</summary>
    private const int MostRows = 500;

    /// <summary>Examples that are shown, and tokens that either side of one may have.</summary>
    private const int MostExamples = 4, MostTokens = 40;

    /// <summary>Groups of lengths, at most.</summary>
    private const int MostGroups = 12;

    private readonly SequenceDataset _data = examples.Data;

    /// <param name="threads">How many batches are translated at a time; 0: as many as there are processors.</param>
    public TranslationInsight Measure(int threads)
    {
        int[] rows = SampledRows.Spread([.. Enumerable.Range(0, _data.Count)], MostRows);
        var found = new FoundSequence?[_data.Count];
        List<int[]> batches = MeasuredRows.IntoBatches(_data, rows);
        Parallel.For(0, batches.Count, new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads },
            translator.CreatePass, (batch, _, pass) => Translate(pass, batches[batch], found), _ => { });
        int[] translated = [.. rows.Where(row => found[row] is not null)];
        return new TranslationInsight
        {
            Rows = examples.Kind,
            NumberOfRows = translated.Length,
            ChosenFrom = examples.Of,
            Lengths = [.. ByLength(translated, found)],
            Examples = [.. Shown(translated, found).Select(row => ExampleOf(row, found[row]!))],
        };
    }

    /// <summary>Where weights come to no number, there is no translation.</summary>
    private TranslatorPass Translate(TranslatorPass pass, int[] rows, FoundSequence?[] found)
    {
        try
        {
            FoundSequence[][] best = pass.Translate(_data, rows, keepsAttention: true);
            for (int k = 0; k < rows.Length; k++)
                found[rows[k]] = best[k][0];
        }
        catch (ArithmeticException)
        {
        }
        return pass;
    }

    private IEnumerable<LengthErrors> ByLength(int[] rows, FoundSequence?[] found)
    {
        int width = WidthOfGroups(rows.Select(_data.Length).DefaultIfEmpty().Max());
        foreach (IGrouping<int, int> group in rows.GroupBy(row => Math.Max(0, _data.Length(row) - 1) / width)
            .OrderBy(group => group.Key))
        {
            var rates = new ErrorRates();
            foreach (int row in group)
                rates.Add<uint>(found[row]!.Tokens, LabelOf(row));
            yield return new LengthErrors(group.Min(_data.Length), group.Max(_data.Length), group.Count(),
                (int)rates.NumberOfWrongSequences, rates.NumberOfTokens,
                rates.Insertions + rates.Deletions + rates.Substitutions);
        }
    }

    /// <summary>The smallest of 1, 2, 5, 10, 20, 50, ... with few enough groups.</summary>
    private static int WidthOfGroups(int longest)
    {
        for (int power = 1; ; power *= 10)
            foreach (int width in new[] { power, 2 * power, 5 * power })
                if ((longest + width - 1) / width <= MostGroups || power >= 100_000_000)
                    return width;
    }

    /// <summary>Rows that are short enough to be drawn, spread evenly from the shortest to the longest.</summary>
    private int[] Shown(int[] rows, FoundSequence?[] found) => SampledRows.Spread([.. rows
        .Where(row => _data.Length(row) is > 0 and <= MostTokens && found[row]!.Tokens.Length <= MostTokens)
        .OrderBy(_data.Length)], MostExamples);

    private TranslationExample ExampleOf(int row, FoundSequence found) => new(
        _data.Inputs.AreTokens ? [.. _data.Tokens(row).ToArray().Select(names.Source)]
            : [.. Enumerable.Range(1, _data.Length(row)).Select(step => InvariantText.Of(step))],
        [.. found.Tokens.Select(names.Target)], [.. LabelOf(row).Select(names.Target)], found.Attention);

    private uint[] LabelOf(int row) => [.. _data.Labels(row).ToArray().Select(token => (uint)token)];
}
