using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Fuzz;

/// <summary>What one transformer of the library puts into a model file of ML.NET's.</summary>
internal static class ModelPart
{
    /// <summary>Slots of a vector that are still read.</summary>
    private const int MostSlots = 1 << 20;

    public static FuzzSubject Of(string name, Func<MLContext, IEstimator<ITransformer>> make, string output)
    {
        MLContext ml = FuzzData.NewContext();
        IDataView rows = FuzzData.Rows(ml);
        ITransformer[] parts = [.. Parts(make(ml).Fit(rows))];
        foreach (ITransformer part in parts[..^1])
            rows = part.Transform(rows);
        var file = new ModelPayload(ml, parts[^1]);
        IDataView few = ml.Data.TakeRows(rows, 2);
        if (name == "forecast")
            few = rows;
        return new FuzzSubject(name, file.Payload, payload =>
        {
            ITransformer model = file.Load(payload);
            return () => UseModel(model, few, output);
        });
    }

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> parts ? parts.SelectMany(Parts) : [model];

    private static void UseModel(ITransformer model, IDataView rows, string output)
    {
        if (model is TranslationTransformer { Model.Network.MaximumLength: > 1_000 })
            return; // a setting, told before it is paid for
        IDataView scored = model.Transform(rows);
        // A mutation may have given it another name.
        DataViewSchema.Column column = scored.Schema.GetColumnOrNull(output) ?? scored.Schema[^1];
        if (column.Type is VectorDataViewType { Size: > MostSlots })
            return; // a setting, told before it is paid for: such as the length to pad to
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        bool orMissing = output is "LogProbabilities" or "Forecast" || column.Name != output;
        Action read = column.Type switch
        {
            VectorDataViewType { ItemType: var item } when item.RawType == typeof(float) =>
                Reading<VBuffer<float>>(cursor, column, values => FuzzSubject.RequireFinite(values.GetValues(), orMissing)),
            VectorDataViewType { ItemType: var item } when item.RawType == typeof(uint) =>
                Reading<VBuffer<uint>>(cursor, column, _ => { }),
            VectorDataViewType { ItemType: TextDataViewType } => Reading<VBuffer<ReadOnlyMemory<char>>>(cursor, column, _ => { }),
            TextDataViewType => Reading<ReadOnlyMemory<char>>(cursor, column, _ => { }),
            { } type when type.RawType == typeof(float) =>
                Reading<float>(cursor, column, value => FuzzSubject.RequireFinite([value], orMissing)),
            _ => Nothing,
        };
        while (cursor.MoveNext())
            read();
    }

    private static void Nothing() { }

    private static Action Reading<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Action<T> check)
    {
        ValueGetter<T> get = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            check(value);
        };
    }
}
