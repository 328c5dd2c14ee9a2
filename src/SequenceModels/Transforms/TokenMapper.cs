using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Text;

namespace SequenceModels.Transforms;

/// <summary>
/// Tokenizes a column into keys and, where asked for, the places of the tokens; a row's text is encoded once for both.
/// </summary>
/// <param name="inputSchema">The schema it is bound to.</param>
/// <param name="input">Text, or a vector of tokens.</param>
/// <param name="outputs">The column of keys, and perhaps that of places.</param>
/// <param name="tokenizer">Safe to share.</param>
internal sealed class TokenMapper(DataViewSchema inputSchema, DataViewSchema.Column input,
    DataViewSchema.DetachedColumn[] outputs, SequenceTokenizer tokenizer) : RowMapper(inputSchema, outputs)
{
    protected override IEnumerable<int> Inputs(bool[] active) => [input.Index];

    protected override Delegate?[] MakeGetters(DataViewRow row, bool[] active)
    {
        if (!active.Contains(true))
            return new Delegate?[active.Length];
        var keys = new List<uint>();
        List<TokenOffset>? places = active.Length > 1 && active[1] ? [] : null;
        Action encode = Encoding(row, keys, places);
        long encoded = -1;
        ValueGetter<VBuffer<uint>> getKeys = (ref VBuffer<uint> value) =>
        {
            Update();
            VBufferEditor<uint> editor = VBufferEditor.Create(ref value, keys.Count);
            keys.CopyTo(editor.Values);
            value = editor.Commit();
        };
        ValueGetter<VBuffer<int>> getPlaces = (ref VBuffer<int> value) =>
        {
            Update();
            VBufferEditor<int> editor = VBufferEditor.Create(ref value, 2 * places!.Count);
            for (int t = 0; t < places.Count; t++)
                (editor.Values[2 * t], editor.Values[2 * t + 1]) = (places[t].Start, places[t].Length);
            value = editor.Commit();
        };
        Delegate?[] all = [active[0] ? getKeys : null, places is not null ? getPlaces : null];
        return all[..active.Length];

        void Update()
        {
            if (places is not null && active[0] && row.Position == encoded)
                return;
            encode();
            encoded = row.Position;
        }
    }

    private Action Encoding(DataViewRow row, List<uint> keys, List<TokenOffset>? places)
    {
        TextEncoder encoder = tokenizer.CreateEncoder();
        if (input.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getTokens = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(input);
            VBuffer<ReadOnlyMemory<char>> texts = default, dense = default;
            return () =>
            {
                getTokens(ref texts);
                texts.CopyToDense(ref dense);
                tokenizer.Encode(dense.GetValues(), encoder, keys);
            };
        }
        ValueGetter<ReadOnlyMemory<char>> getText = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getText(ref text);
            tokenizer.Encode(text.Span, encoder, keys, places);
        };
    }
}
