using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Text;

namespace SequenceModels.Transforms;

/// <summary>The columns of a tokenization.</summary>
/// <param name="Output">The keys.</param>
/// <param name="Input">Text, or a vector of tokens.</param>
/// <param name="Offsets">Start and length of each token in the text; null: not wanted.</param>
internal sealed record TokenColumns(string Output, string Input, string? Offsets)
{
    /// <summary>Whether the input was a vector when the transform was fitted; null: it is not fitted yet.</summary>
    public bool? IsVector { get; init; }

    public static TokenColumns Of(string outputColumnName, string? inputColumnName, string? offsetsColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        if (offsetsColumnName is not null)
            ArgumentException.ThrowIfNullOrEmpty(offsetsColumnName);
        if (offsetsColumnName == outputColumnName)
            throw new ArgumentException(
                $"The tokens and their offsets cannot both be column '{outputColumnName}'. Give the offsets another name.",
                nameof(offsetsColumnName));
        return new TokenColumns(outputColumnName, inputColumnName ?? outputColumnName, offsetsColumnName);
    }

    /// <summary>Refuses offsets that no tokenizer could tell.</summary>
    public TokenColumns Validated(SequenceTokenization tokenization)
    {
        if (Offsets is not null && tokenization.Tokenizer?.Normalizer is { } normalizer)
            throw new ArgumentException(
                $"The tokenizer that was given normalises texts ({normalizer.GetType().Name}) and does not tell where in the " +
                $"text its tokens then stand: there are no offsets for column '{Offsets}'. Leave offsetsColumnName out, or " +
                "make the tokenization of the tokenizer's files.", nameof(tokenization));
        return this;
    }

    public DataViewSchema.Column FindInput(DataViewSchema schema, TokenKind kind)
    {
        DataViewSchema.Column column = schema.Find(Input, ColumnRule.Text);
        bool isVector = column.Type is VectorDataViewType;
        if (IsVector is { } wasVector && wasVector != isVector)
        {
            static string Words(bool isVector) => isVector ? "a vector of text" : "a text";
            throw new ArgumentOutOfRangeException(nameof(schema),
                $"Column '{Input}' was {Words(wasVector)} when TokenizeIntoSequence was fitted, and is " +
                $"{Words(isVector)} here. Give it a column of the same type, or fit another transform.");
        }
        if (isVector)
            RefuseWhatNeedsText(kind);
        return column;
    }

    public void FindInput(SchemaShape shape, TokenKind kind)
    {
        if (shape.Find(Input, ColumnRule.Text).Kind != SchemaShape.Column.VectorKind.Scalar)
            RefuseWhatNeedsText(kind);
    }

    /// <summary>The columns that are added: keys with their tokens, and perhaps offsets.</summary>
    public DataViewSchema.DetachedColumn[] Outputs(ReadOnlyMemory<char>[] tokens, Detokenization detokenization)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddVector(AnnotationNames.KeyValues, TextDataViewType.Instance, tokens);
        annotations.AddText(AnnotationNames.SequenceDetokenization, detokenization.ToString());
        var keys = new DataViewSchema.DetachedColumn(Output,
            new VectorDataViewType(new KeyDataViewType(typeof(uint), tokens.Length)),
            annotations.ToAnnotations());
        return Offsets is null ? [keys] : [keys, new(Offsets, new VectorDataViewType(NumberDataViewType.Int32, 0, 2), null)];
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Output);
        writer.Write(Input);
        writer.Write(Offsets is not null);
        if (Offsets is not null)
            writer.Write(Offsets);
        writer.Write(IsVector!.Value);
    }

    public static TokenColumns Read(PayloadReader reader) =>
        new(reader.ReadString(), reader.ReadString(), reader.ReadBoolean() ? reader.ReadString() : null)
        {
            IsVector = reader.ReadBoolean(),
        };

    private void RefuseWhatNeedsText(TokenKind kind)
    {
        if (Offsets is not null)
            throw new ArgumentOutOfRangeException(nameof(kind),
                $"Column '{Input}' is a vector of tokens cut already: the text that offsets would count in " +
                $"is not known, and column '{Offsets}' cannot be made. Give the text column, or leave offsetsColumnName out.");
        if (kind is TokenKind.Subwords or TokenKind.Tokenizer)
        {
            string factory = kind == TokenKind.Subwords
                ? nameof(SequenceTokenization.Subwords) : nameof(SequenceTokenization.From);
            throw new ArgumentOutOfRangeException(nameof(kind), $"Column '{Input}' is a vector of tokens cut already, which " +
                $"{nameof(SequenceTokenization)}.{factory} would cut again. Give the text column, or use " +
                $"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.Whitespace)}.");
        }
    }
}
