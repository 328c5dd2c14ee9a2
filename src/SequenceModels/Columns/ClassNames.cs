using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Files;

namespace SequenceModels.Columns;

/// <summary>
/// What the classes are called: the KeyValues of the label column, of whatever type they have. The predicted label carries them,
/// so that MapKeyToValue gives the user's own values back.
/// </summary>
internal abstract class ClassNames
{
    // A class file names the type by its place in this list: append, never reorder.
    private static readonly Codec[] Codecs =
    [
        new Codec<ReadOnlyMemory<char>>(TextDataViewType.Instance, text => text.ToString(), text => text.AsMemory()),
        Parsed<bool>(BooleanDataViewType.Instance),
        Parsed<sbyte>(NumberDataViewType.SByte),
        Parsed<byte>(NumberDataViewType.Byte),
        Parsed<short>(NumberDataViewType.Int16),
        Parsed<ushort>(NumberDataViewType.UInt16),
        Parsed<int>(NumberDataViewType.Int32),
        Parsed<uint>(NumberDataViewType.UInt32),
        Parsed<long>(NumberDataViewType.Int64),
        Parsed<ulong>(NumberDataViewType.UInt64),
        Parsed<float>(NumberDataViewType.Single),
        Parsed<double>(NumberDataViewType.Double),
        Parsed<TimeSpan>(TimeSpanDataViewType.Instance),
        new Codec<DateTime>(DateTimeDataViewType.Instance, time => time.ToString("O", CultureInfo.InvariantCulture),
            text => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        new Codec<DateTimeOffset>(DateTimeOffsetDataViewType.Instance, time => time.ToString("O", CultureInfo.InvariantCulture),
            text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
    ];

    public abstract int Count { get; }

    /// <summary>Whether the names are text, as slot names have to be.</summary>
    public abstract bool AreText { get; }

    /// <summary>The name of the class with an index from 0, as text.</summary>
    public abstract string TextOf(int index);

    /// <summary>All names as texts.</summary>
    public abstract ReadOnlyMemory<char>[] Texts { get; }

    /// <summary>The names of a label column's keys; null where it has none.</summary>
    public static ClassNames? Of(DataViewSchema.Column label) =>
        label.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is VectorDataViewType type
            ? Find(type.ItemType, label.Name).Of(label)
            : null;

    /// <summary>
    /// The names of a column's keys as text, in the invariant culture; none where it has none, or of a type that is not known
    /// here.
    /// </summary>
    public static ReadOnlyMemory<char>[] TextsOf(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is VectorDataViewType type
            ? Array.Find(Codecs, codec => codec.Type.Equals(type.ItemType))?.Of(column).Texts ?? [] : [];

    /// <summary>Whether there are KeyValues of a type that is known here.</summary>
    public static bool CanBeOf(SchemaShape.Column column) => column.Annotations.Any(annotation =>
        annotation.Name == AnnotationNames.KeyValues && Array.Exists(Codecs, codec => codec.Type.Equals(annotation.ItemType)));

    /// <summary>Two names of the type that the label's keys have; null where they have none.</summary>
    public static ClassNames? Like(SchemaShape.Column label) =>
        label.Annotations.Where(annotation => annotation.Name == AnnotationNames.KeyValues)
            .Select(names => Find(names.ItemType, label.Name).Blank(2)).FirstOrDefault();

    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations, string name);

    public abstract void Write(PayloadWriter writer);

    public static ClassNames Read(PayloadReader reader)
    {
        Codec codec = Codecs[reader.ReadInt32("the type of class names", 0, Codecs.Length - 1)];
        return codec.Read(reader);
    }

    private static Codec Find(DataViewType type, string label) => Array.Find(Codecs, codec => codec.Type.Equals(type)) ??
        throw new ArgumentOutOfRangeException(nameof(label),
            $"Column '{label}' has key values of type {type}, which a model cannot keep. " +
            "Convert the values to text before MapValueToKey.");

    private static Codec<T> Parsed<T>(PrimitiveDataViewType type) where T : IParsable<T> => new(type,
        value => Convert.ToString(value, CultureInfo.InvariantCulture)!, text => T.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>How values of one type are written: as text, in a form that reads back to the same value.</summary>
    private abstract class Codec(PrimitiveDataViewType type)
    {
        public PrimitiveDataViewType Type { get; } = type;

        public abstract ClassNames Of(DataViewSchema.Column label);

        public abstract ClassNames Blank(int count);

        public abstract ClassNames Read(PayloadReader reader);
    }

    private sealed class Codec<T>(PrimitiveDataViewType type, Func<T, string> format, Func<string, T> parse) : Codec(type)
    {
        public override ClassNames Of(DataViewSchema.Column label) =>
            new Names<T>(this, label.Annotations.VectorOrNull<T>(AnnotationNames.KeyValues, Type)!);

        public override ClassNames Blank(int count) => new Names<T>(this, new T[count]);

        public override ClassNames Read(PayloadReader reader)
        {
            var values = new T[reader.ReadCount("the number of class names", 1)];
            for (int i = 0; i < values.Length; i++)
            {
                string text = reader.ReadString();
                try
                {
                    values[i] = parse(text);
                }
                catch (Exception e) when (e is FormatException or OverflowException)
                {
                    throw reader.Invalid($"'{text}' is no {Type}");
                }
            }
            return new Names<T>(this, values);
        }

        public string Format(T value) => format(value);

        public void Write(PayloadWriter writer, T[] values)
        {
            writer.Write(Array.IndexOf(Codecs, this));
            writer.Write(values.Length);
            foreach (T value in values)
                writer.Write(format(value));
        }
    }

    private sealed class Names<T>(Codec<T> codec, T[] values) : ClassNames
    {
        public override int Count => values.Length;

        public override ReadOnlyMemory<char>[] Texts =>
            values as ReadOnlyMemory<char>[] ?? Array.ConvertAll(values, value => codec.Format(value).AsMemory());

        public override string TextOf(int index) => codec.Format(values[index]);

        public override bool AreText => codec.Type is TextDataViewType;

        public override void AddTo(DataViewSchema.Annotations.Builder annotations, string name) =>
            annotations.AddVector(name, codec.Type, values);

        public override void Write(PayloadWriter writer) => codec.Write(writer, values);
    }
}
