using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>A safetensors file that has word vectors as the rows of a tensor.</summary>
internal sealed class TensorVectorFile : WordVectorFile
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly SafetensorsFile _file;
    private readonly SafetensorsTensor _table;
    private readonly string?[] _words;
    private int _row = -1;

    /// <param name="path">The file.</param>
    /// <param name="tensorName">Which tensor; null: the only one with rows of floats.</param>
    /// <param name="vocabularyPath">The file of its words; null: in this file, or beside it.</param>
    /// <exception cref="InvalidDataException">The file has no word vectors.</exception>
    public TensorVectorFile(string path, string? tensorName, string? vocabularyPath)
    {
        _path = path;
        _stream = File.OpenRead(path);
        try
        {
            _file = new SafetensorsFile(_stream);
            _table = FindTable(tensorName);
            Size = (int)_table.Shape[1];
            _words = TensorVocabulary.Read(path, _file.Metadata, vocabularyPath, (int)_table.Shape[0]);
        }
        catch (InvalidDataException e)
        {
            _stream.Dispose();
            throw Invalid(e);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public override int Size { get; }

    protected override ReadOnlySpan<char> Word => _words[_row];

    public override void Dispose() => _stream.Dispose();

    protected override bool MoveNext()
    {
        do
            _row++;
        while (_row < _words.Length && _words[_row] is null);
        return _row < _words.Length;
    }

    protected override bool TryReadVector(Span<float> vector)
    {
        try
        {
            _file.ReadFloats(_table, (long)_row * Size, vector);
            return true;
        }
        catch (InvalidDataException e)
        {
            throw Invalid(e);
        }
    }

    private SafetensorsTensor FindTable(string? name)
    {
        SafetensorsTensor[] tables =
            [.. _file.Tensors.Values.Where(tensor => IsTable(tensor) && (name ?? tensor.Name) == tensor.Name)];
        return tables.Length == 1 ? tables[0] : throw new InvalidDataException((name is null
            ? Invariant($"it has {Counted.Of(tables.Length, "tensor")} that could be the vectors' table")
            : $"it has no tensor '{name}' that could be the vectors' table") + ", [words, numbers] of floats, among " +
            string.Join(", ", _file.Tensors.Values.Take(12).Select(tensor => $"'{tensor.Name}' {tensor}")) +
            ". Name it by WordVectors.TensorName");
    }

    private static bool IsTable(SafetensorsTensor tensor) => tensor is
    {
        Type: "F32" or "F64" or "F16" or "BF16", Shape: [>= 1 and <= int.MaxValue, >= 1 and <= int.MaxValue],
    };

    private InvalidDataException Invalid(InvalidDataException e) =>
        new($"'{_path}' is no usable file of word vectors: {e.Message.TrimEnd('.')}.", e);
}
