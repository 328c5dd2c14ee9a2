using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Kernels;

namespace SequenceModels.Transforms;

/// <summary>One column of a table of steps, held in memory, and what it becomes when steps are grouped into sequences.</summary>
internal abstract class GroupedColumn(DataViewSchema.Column source)
{
    public string Name => source.Name;

    /// <summary>Whether a group has one value of it instead of a sequence.</summary>
    public bool IsConstant { get; set; }

    public abstract bool IsVector { get; }

    /// <summary>What the column is after grouping.</summary>
    public DataViewSchema.DetachedColumn Output
    {
        get
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, name => name == AnnotationNames.KeyValues);
            return new(Name, OutputType, annotations.ToAnnotations());
        }
    }

    /// <summary>Binds to a cursor of the table; the action stores the present row's value.</summary>
    public abstract Action Store(DataViewRow row);

    /// <summary>Whether two rows hold the same value.</summary>
    public abstract bool AreEqual(int row, int other);

    /// <summary>Orders two rows by their values.</summary>
    public abstract int Compare(int row, int other);

    /// <summary>
    /// Throws where the values are numbers or dates by their text, and <see cref="Compare"/> puts them in another order: "10"
    /// before "9".
    /// </summary>
    /// <exception cref="InvalidOperationException">It does; the message shows two such values.</exception>
    public virtual void RequireRightOrder() { }

    /// <summary>A number that equal values share.</summary>
    public abstract int HashOf(int row);

    /// <summary>The value of a row, as an error message shows it.</summary>
    public abstract string Show(int row);

    /// <summary>A ValueGetter of the grouped column.</summary>
    /// <param name="rows">The rows of the present group, in order.</param>
    public abstract Delegate MakeGetter(Func<int[]> rows);

    private protected abstract DataViewType OutputType { get; }

    private string Text<T>(T value)
    {
        string text = InvariantText.Of(value) ?? "";
        // A key is known by what it stands for.
        return ((source.Type as VectorDataViewType)?.ItemType ?? source.Type) is KeyDataViewType &&
            ClassNames.Of(source) is { } names &&
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int key) && key >= 1 && key <= names.Count
            ? names.TextOf(key - 1) : text;
    }

    /// <summary>The store for a column's type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column holds vectors of different lengths.</exception>
    public static GroupedColumn Create(DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType { IsKnownSize: false })
            throw new ArgumentOutOfRangeException(nameof(source),
                $"Column '{source.Name}' is {source.Type}: a step's values must have one " +
                "fixed number. Drop the column (DropColumns), or give it a fixed size.");
        DataViewType item = source.Type is VectorDataViewType vector ? vector.ItemType : source.Type;
        if (item is not PrimitiveDataViewType)
            throw new ArgumentOutOfRangeException(nameof(source),
                $"Column '{source.Name}' is {source.Type}, which cannot stand in a sequence. " +
                "Drop the column (DropColumns).");
        if (item.RawType == typeof(ReadOnlyMemory<char>))
            return source.Type is VectorDataViewType
                ? throw new ArgumentOutOfRangeException(nameof(source),
                    $"Column '{source.Name}' is {source.Type}: a step may have one text. Drop the column (DropColumns).")
                : new TextColumn(source);
        Type store = (source.Type is VectorDataViewType ? typeof(VectorColumn<>) : typeof(ScalarColumn<>))
            .MakeGenericType(item.RawType);
        return (GroupedColumn)Activator.CreateInstance(store, source)!;
    }

    private sealed class TextColumn(DataViewSchema.Column source) : ScalarColumn<ReadOnlyMemory<char>>(source)
    {
        // The row's own memory may be written over by the next row.
        private protected override ReadOnlyMemory<char> Keep(ReadOnlyMemory<char> value) => value.ToArray();

        public override bool AreEqual(int row, int other) => Values[row].Span.SequenceEqual(Values[other].Span);

        public override int Compare(int row, int other) => Values[row].Span.SequenceCompareTo(Values[other].Span);

        public override int HashOf(int row) => string.GetHashCode(Values[row].Span);

        public override void RequireRightOrder()
        {
            string[] sorted = [.. Values.Select(value => value.ToString()).Distinct().Order(StringComparer.Ordinal)];
            if (TextOrder.FirstFault(sorted) is { } fault)
                throw new InvalidOperationException(
                    $"Column '{Name}' gives the order of steps, but it is text: '{fault.First}' comes before '{fault.Second}'. " +
                    $"Its values are {fault.Kind}: load the column as {fault.Mend}.");
        }
    }

    private class ScalarColumn<T>(DataViewSchema.Column source) : GroupedColumn(source)
    {
        private readonly DataViewSchema.Column _source = source;

        private protected List<T> Values { get; } = [];

        public override bool IsVector => false;

        public override Action Store(DataViewRow row)
        {
            ValueGetter<T> get = row.GetGetter<T>(row.Schema[_source.Index]);
            T value = default!;
            return () =>
            {
                get(ref value);
                Values.Add(Keep(value));
            };
        }

        public override bool AreEqual(int row, int other) => EqualityComparer<T>.Default.Equals(Values[row], Values[other]);

        public override int Compare(int row, int other) => Comparer<T>.Default.Compare(Values[row], Values[other]);

        public override int HashOf(int row) => EqualityComparer<T>.Default.GetHashCode(Values[row]!);

        public override string Show(int row) => Text(Values[row]);

        public override void RequireRightOrder()
        {
            if (_source.Type is not KeyDataViewType || ClassNames.Of(_source) is not { } names)
                return;
            HashSet<T> seen = [.. Values];
            string[] inOrder = [.. Enumerable.Range(0, names.Count)
                .Where(key => seen.Contains((T)Convert.ChangeType(key + 1, typeof(T),
                CultureInfo.InvariantCulture))).Select(names.TextOf)];
            if (TextOrder.FirstFault(inOrder) is { } fault)
                throw new InvalidOperationException(
                    $"Column '{Name}' gives the order of steps, but it is of keys, whose order is that of their numbers: " +
                    $"'{fault.First}' comes before '{fault.Second}'. Its values are {fault.Kind}: name the column that the " +
                    $"keys were made of, loaded as {fault.Mend}.");
        }

        public override Delegate MakeGetter(Func<int[]> rows) => IsConstant
            ? (ValueGetter<T>)((ref T value) => value = Values[rows()[0]])
            : (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                int[] steps = rows();
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, steps.Length);
                for (int t = 0; t < steps.Length; t++)
                    editor.Values[t] = Values[steps[t]];
                value = editor.Commit();
            });

        private protected virtual T Keep(T value) => value;

        private protected override DataViewType OutputType =>
            IsConstant ? _source.Type : new VectorDataViewType((PrimitiveDataViewType)_source.Type);
    }

    private sealed class VectorColumn<T>(DataViewSchema.Column source) : GroupedColumn(source)
    {
        private readonly DataViewSchema.Column _source = source;
        private readonly int _size = ((VectorDataViewType)source.Type).Size;
        private readonly List<T> _values = [];

        public override bool IsVector => true;

        public override Action Store(DataViewRow row)
        {
            ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(row.Schema[_source.Index]);
            VBuffer<T> value = default;
            return () =>
            {
                get(ref value);
                _values.AddRange(value.DenseValues());
            };
        }

        public override bool AreEqual(int row, int other) =>
            ValuesOf(row).SequenceEqual(ValuesOf(other), EqualityComparer<T>.Default);

        public override int Compare(int row, int other) => throw new NotSupportedException();

        public override int HashOf(int row) => throw new NotSupportedException();

        public override string Show(int row) => string.Join(", ", ValuesOf(row).ToArray().Select(Text));

        public override Delegate MakeGetter(Func<int[]> rows) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            int[] steps = IsConstant ? rows()[..1] : rows();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, ArrayLength.Of(steps.Length, _size));
            for (int t = 0; t < steps.Length; t++)
                ValuesOf(steps[t]).CopyTo(editor.Values[(t * _size)..]);
            value = editor.Commit();
        });

        private protected override DataViewType OutputType =>
            IsConstant ? _source.Type : new VectorDataViewType(((VectorDataViewType)_source.Type).ItemType, 0, _size);

        private ReadOnlySpan<T> ValuesOf(int row) =>
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values).Slice(row * _size, _size);
    }
}
