using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Trainers;

/// <summary>The feature columns of training rows, as a new network will read them.</summary>
/// <param name="names">In the order given to the trainer.</param>
/// <param name="options">Sizes of what is learned for each feature.</param>
/// <param name="channel">Told of words without characters.</param>
/// <param name="throwIfCanceled">Asked now and then.</param>
internal sealed class InputColumnsBinder(string[] names, LabeledSequenceOptions options, IChannel channel,
    Action throwIfCanceled)
{
    /// <summary>Finds the columns; reads rows once for the characters of words, where there are any.</summary>
    /// <param name="train">The rows.</param>
    /// <param name="initial">A model to go on from, whose characters are kept. Null: none.</param>
    /// <param name="rowFeatures">The column of what a row has as a whole, beside its steps; null: none.</param>
    /// <exception cref="ArgumentException">The options do not allow for the columns.</exception>
    public TrainedColumns Bind(IDataView train, SequenceModelParameters? initial, string? rowFeatures = null)
    {
        if (options is TextTrainerOptions ofTexts)
            return new TextColumnBinder(names[0], ofTexts, channel, throwIfCanceled).Bind(train, initial, rowFeatures);
        bool[] areWords = [.. names.Select(name => ((VectorDataViewType)train.Schema[name].Type).ItemType is TextDataViewType)];
        string[] words = [.. names.Where((_, i) => areWords[i])];
        RequireFitting(words);
        IReadOnlyList<CharacterVocabulary> characters = initial?.Characters.Count == words.Length
            ? initial.Characters : Learn(train, words);
        if (options.CharacterHiddenSize == 0)
            characters = [];

        int word = 0;
        SequenceColumn[] columns = [.. names.SelectMany((name, i) => !areWords[i]
            ? [SequenceColumn.Bind(train.Schema, name)]
            : PartsOf(options.CharacterHiddenSize == 0 ? null : characters[word++])
                .Select(parts => SequenceColumn.BindWords(train.Schema, name, parts)))];
        string[] shapes = options is TaggingOptions { WordShapes: true } ? words : [];
        if (shapes.Length == 0 && options is TaggingOptions { WordShapes: true })
            throw new ArgumentException($"{options.NameOf(nameof(TaggingOptions.WordShapes))} is true, but no column of text " +
                "is among the features: give the column of words too, or set it to false.");
        columns = [.. columns, .. shapes.Select(name => SequenceColumn.BindShapes(train.Schema, name))];
        StepFeature[] inputs = [.. columns.Select(FeatureOf)];
        if (inputs.Length > 1 && inputs.Any(feature => feature.IsOneHot))
            throw NeedsEmbedding();
        return new TrainedColumns(new InputColumns(columns, [.. inputs], RowFeatureColumn.Bind(train.Schema, rowFeatures)),
            [.. TrainedColumns.SaveFrom(train.Schema, names),
                .. TrainedColumns.SaveFrom(train.Schema, shapes).Select(column => column with { AreShapes = true })], characters);
    }

    /// <summary>What is read of a column of words: its characters, its subwords, or both.</summary>
    private IEnumerable<IWordParts> PartsOf(CharacterVocabulary? characters)
    {
        if (characters is not null)
            yield return characters;
        if (options.SubwordEmbeddingSize > 0)
            yield return new SubwordHashes(options.NumberOfSubwordBuckets);
    }

    private StepFeature FeatureOf(SequenceColumn column) => column.Parts switch
    {
        null when column.AreShapes => column.FeatureOf(options.CharacterEmbeddingSize),
        null => column.FeatureOf(options.EmbeddingSize),
        SubwordHashes => StepFeature.Subwords(column.InputSize, options.SubwordEmbeddingSize),
        _ => StepFeature.Characters(column.InputSize, options.CharacterEmbeddingSize, options.CharacterHiddenSize),
    };

    private ArgumentException NeedsEmbedding() => new($"{options.NameOf(nameof(options.EmbeddingSize))} is 0, but where steps " +
        $"have several features ('{string.Join("', '", names)}') keys must enter as learned vectors: set it to at least 1.");

    private void RequireFitting(string[] words)
    {
        if (words.Length > 0 && options is { CharacterHiddenSize: 0, SubwordEmbeddingSize: 0 })
            throw new ArgumentException($"{options.NameOf(nameof(options.CharacterHiddenSize))} and " +
                $"{nameof(options.SubwordEmbeddingSize)} are 0, but column '{words[0]}' is of text, whose characters or " +
                "subwords are to be read. Set one of them to at least 1, or leave the column out (MapValueToKey makes keys of " +
                "words).");
    }

    /// <summary>
    /// The characters that occur in each column. One that occurs a single time is left out: so the network learns what to make
    /// of characters that it does not know.
    /// </summary>
    private List<CharacterVocabulary> Learn(IDataView train, string[] words)
    {
        if (words.Length == 0)
            return [];
        TokenCounts[] counts = [.. words.Select(_ => new TokenCounts())];
        long[] empty = new long[words.Length], rowsWithEmpty = new long[words.Length];
        using (DataViewRowCursor cursor = train.GetRowCursor([.. words.Select(name => train.Schema[name])]))
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>>[] getters =
                [.. words.Select(name => cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(train.Schema[name]))];
            VBuffer<ReadOnlyMemory<char>> row = default;
            while (cursor.MoveNext())
            {
                CancellationChecks.AtRow(cursor.Position, throwIfCanceled);
                for (int i = 0; i < words.Length; i++)
                {
                    getters[i](ref row);
                    int withCharacters = 0;
                    foreach (ReadOnlyMemory<char> word in row.GetValues())
                        withCharacters += CharacterVocabulary.CountCharacters(word.Span, counts[i]) ? 1 : 0;
                    empty[i] += row.Length - withCharacters;
                    rowsWithEmpty[i] += row.Length > withCharacters ? 1 : 0;
                }
            }
        }
        for (int i = 0; i < words.Length; i++)
            EmptyElements.Warn(channel, words[i], empty[i], rowsWithEmpty[i]);
        return [.. counts.Select((count, i) => Vocabulary(count, words[i]))];
    }

    private static CharacterVocabulary Vocabulary(TokenCounts counts, string column)
    {
        IReadOnlyList<string> characters = counts.MostFrequent(maximumSize: 0, minimumCount: 2);
        if (characters.Count == 0)
            characters = counts.MostFrequent(maximumSize: 0, minimumCount: 1);
        return characters.Count > 0 ? new CharacterVocabulary(characters) : throw new InvalidOperationException(
            $"Column '{column}': no word of the training data has any character. Fit needs some: check the file or the " +
            "transform that the words come from.");
    }
}
