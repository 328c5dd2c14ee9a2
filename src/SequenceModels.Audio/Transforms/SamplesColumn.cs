using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Audio;

/// <summary>A column of samples of sound, which says how many there are in a second.</summary>
internal static class SamplesColumn
{
    /// <summary>The annotation's name; a column that has it may come of another library.</summary>
    public const string RateAnnotation = "SampleRate";

    /// <param name="name">Of the column.</param>
    /// <param name="sampleRate">Samples in a second.</param>
    public static DataViewSchema.DetachedColumn Of(string name, int sampleRate)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(RateAnnotation, NumberDataViewType.Int32, sampleRate);
        return new(name, new VectorDataViewType(NumberDataViewType.Single), annotations.ToAnnotations());
    }

    /// <summary>What a column says; 0: nothing.</summary>
    public static int RateOf(DataViewSchema.Column column)
    {
        int rate = 0;
        if (column.Annotations.Schema.GetColumnOrNull(RateAnnotation)?.Type == NumberDataViewType.Int32)
            column.Annotations.GetValue(RateAnnotation, ref rate);
        return rate;
    }
}
