using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SequenceModels.Text;

/// <summary>Reads the lines of a file of text, packed by gzip or not, as bytes, none of which is copied.</summary>
internal sealed class LineReader : IDisposable
{
    private const int BufferLength = 1 << 20, LongestLine = 1 << 26;

    private readonly string _path;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[BufferLength];
    private readonly uint? _stated;
    private int _start, _end, _added, _lineStart, _lineLength;
    private uint _total;
    private bool _endsLine;

    public LineReader(string path)
    {
        _path = path;
        FileStream file = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[2];
        bool isPacked = file.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2 && mark is [0x1f, 0x8b];
        if (isPacked && file.Length >= 2 * sizeof(uint))
            _stated = ReadStatedLength(file);
        file.Position = 0;
        _stream = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
        Fill();
        // A byte order mark is no part of the first line.
        if (_buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble))
            _start = Encoding.UTF8.Preamble.Length;
    }

    /// <summary>Number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The line read last, without its end; valid until the next is read.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>Goes to the next line; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">
    /// A line is longer than any of text would be, or the packed file is damaged. One that was cut short may only seem to end
    /// there: .NET's decompression does not tell.
    /// </exception>
    public bool MoveNext()
    {
        int seen = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (length >= 0 || !Fill())
            {
                length = length >= 0 ? seen + length : _end - _start;
                bool isEnd = _start == _end;
                (_lineStart, _lineLength) = (_start, _buffer.AsSpan(_start, length).TrimEnd("\r "u8).Length);
                _start = Math.Min(_end, _start + length + 1);
                Number += isEnd ? 0 : 1;
                return !isEnd;
            }
            seen = _end - _start - _added;
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>
    /// Moves what is left to the beginning of the buffer and reads more after it; false at the end of the file.
    /// </summary>
    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine)
                throw new InvalidDataException(
                    Invariant($"'{_path}' has a line of more than {LongestLine} bytes: it is no file of lines of text."));
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
        try
        {
            _added = _stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{_path}' is damaged: {e.Message}", e);
        }
        _end += _added;
        _total += (uint)_added;
        if (_added > 0)
            _endsLine = _buffer[_end - 1] == '\n';
        // The runtime reads a packed file that was cut short without an error. Several files packed one after another state the
        // last one's length only.
        else if (_stated is { } stated && stated != _total && !_endsLine)
            throw new InvalidDataException($"'{_path}' is damaged: it ends within a line. Copy it again from its source.");
        return _added > 0;
    }

    /// <summary>A packed file ends with its unpacked length.</summary>
    private static uint ReadStatedLength(FileStream file)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        file.Position = file.Length - sizeof(uint);
        file.ReadExactly(length);
        return BinaryPrimitives.ReadUInt32LittleEndian(length);
    }
}
