using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels.Translation;

/// <summary>Reads pairs of sequences.</summary>
/// <param name="columns">The columns.</param>
/// <param name="purpose">What the rows are for.</param>
internal sealed class TranslationRows(TranslationColumns columns, RowPurpose purpose) : ExampleReader(columns.Weight, purpose)
{
    private float[] _labels = [];
    private int _length;

    /// <summary>The largest number of target tokens to a step of the source; of an empty source, to one step.</summary>
    public float LargestRatio { get; private set; }

    protected override string LabelColumnName => columns.Label;

    protected override ReadOnlySpan<float> Labels => _labels.AsSpan(0, _length);

    private int VocabularySize { get; set; }

    /// <summary>Reads the rows; the target has so many tokens.</summary>
    public SequenceDataset Read(IDataView view, InputColumns inputs, int vocabularySize, RowMemory memory,
        Action throwIfCanceled)
    {
        VocabularySize = vocabularySize;
        return Read(view, inputs, memory, throwIfCanceled);
    }

    protected override Targets CreateTargets(SequenceDataset data) => new SequenceTargets(data, VocabularySize);

    protected override Func<bool> CreateRowReader(DataViewRow row, DataViewSchema schema, InputReader steps)
    {
        SequenceReader labels = SequenceColumn.Bind(schema, columns.Label).CreateReader(row);
        return () =>
        {
            labels.Read();
            steps.Read();
            _length = labels.Length;
            if (_labels.Length < _length)
                _labels = new float[_length];
            for (int t = 0; t < _length; t++)
                _labels[t] = labels.Tokens[t];
            LargestRatio = Math.Max(LargestRatio, (float)_length / Math.Max(1, steps.Length));
            return true;
        };
    }

    protected override string WhyNoRows() => $"The {Kind} data has no rows. Fit needs some: check the file or the filter that " +
        "the data comes from.";
}
