// How the file is read. ML.NET's loader cuts its header and its rows into fields, by the same rules; what cannot be read as it is
// meant is refused, with its line.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

public partial class SalesForecast
{
    // How the file writes dates, day and month in their order: formats of .NET, of which each date has one.
    public static readonly string[] RetrainDateFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM"];

    // What stands before the fraction of a number in the file: '.' or ','.
    public const char RetrainDecimalMarker = '.';

    /// <summary>A file of columns. Where quoting is allowed, a quoted field may hold separators, newlines and doubled quotes.</summary>
    private sealed class DataFile
    {
        private readonly string _path;
        private readonly bool _hasHeader;
        private readonly Line[] _lines;

        public DataFile(MLContext mlContext, string path, char separatorChar, bool hasHeader, bool allowQuoting)
        {
            _path = path;
            _hasHeader = hasHeader;
            IDataView fields = mlContext.Data.LoadFromTextFile(path, new TextLoader.Options
            {
                Columns = [new("Fields", DataKind.String, [new(0, null) { AutoEnd = false, VariableEnd = true }])],
                Separators = [separatorChar],
                AllowQuoting = allowQuoting,
                ReadMultilines = allowQuoting,
            });

            // The loader warns of a field that is not quoted well, and goes on with an empty one.
            string? warning = null;
            void Listen(object? sender, LoggingEventArgs log) => warning ??= log.Kind == ChannelMessageKind.Warning ? log.RawMessage : null;
            mlContext.Log += Listen;
            try
            {
                _lines = [.. mlContext.Data.CreateEnumerable<Line>(fields, reuseRowObject: false)];
            }
            catch (FormatException error)
            {
                throw new InvalidDataException($"{path}: {error.GetBaseException().Message}", error);
            }
            finally
            {
                mlContext.Log -= Listen;
            }
            if (warning is not null)
                throw new InvalidDataException($"{path}: {warning}. A quote within a quoted field is written twice.");

            if (_lines.Length == 0)
                throw new InvalidDataException($"{path} is empty.");
            if (!Rows.Any())
                throw new InvalidDataException($"{path} has a header, {Columns}, and no row below it.");
            foreach (int row in Rows.Where(row => _lines[row].Fields.Skip(_lines[0].Fields.Length).Any(field => field.Trim() != "")))
                throw Refused(row, $"'{string.Join(separatorChar, _lines[row].Fields)}' has {_lines[row].Fields.Length} fields, where the " +
                    $"first line has {_lines[0].Fields.Length}. A field that holds the separator '{separatorChar}' must stand in quotes; " +
                    "so must a number with a decimal comma, where commas separate the fields.");
        }

        /// <summary>The rows, without the header.</summary>
        public IEnumerable<int> Rows => Enumerable.Range(0, _lines.Length).Skip(_hasHeader ? 1 : 0);

        /// <summary>Where a column stands: by its name in the header, or at an index in a file that has none.</summary>
        public int Column(string name, int indexWithoutHeader)
        {
            if (!_hasHeader)
                return Column(indexWithoutHeader);
            int[] found = [.. _lines[0].Fields.Index().Where(field => field.Item.Trim() == name).Select(field => field.Index)];
            return found.Length switch
            {
                1 => found[0],
                0 => throw new InvalidDataException($"{_path} has no column '{name}', but {Columns}. Mend the name here and in " +
                    "[ColumnName], or RetrainSeparatorChar."),
                _ => throw new InvalidDataException($"{_path} has {found.Length} columns '{name}': {Columns}. Only one may have that name."),
            };
        }

        /// <summary>A column by its index, of which the first is 0.</summary>
        public int Column(int index) => index < _lines[0].Fields.Length ? index : throw new InvalidDataException(
            $"{_path} has no column {index} (the first is 0): its first line is {Columns}. Mend the index, or RetrainSeparatorChar.");

        /// <summary>A field as it stands; empty where the row ends before it.</summary>
        public string Text(int row, int column) => _lines[row].Fields.ElementAtOrDefault(column) ?? "";

        /// <summary>A field that holds a number, which is missing (NaN) where the field is empty, NaN, NA or a question mark.</summary>
        public float Number(int row, int column)
        {
            string field = Text(row, column).Trim();
            if (field is "" or "NaN" or "NA" or "?")
                return float.NaN;
            var format = new NumberFormatInfo { NumberDecimalSeparator = $"{RetrainDecimalMarker}" };
            return float.TryParse(field, NumberStyles.Float, format, out float number) && float.IsFinite(number) ? number
                : throw Refused(row, $"'{field}', in {Name(column)}, is no number with the decimal marker '{RetrainDecimalMarker}'. Mend the " +
                    "field, or RetrainDecimalMarker: '.' where numbers are written as 12.5, and ',' where they are written as 12,5.");
        }

        /// <summary>A field that holds a date, or a date and a time of day. One with an offset becomes UTC.</summary>
        public DateTime Date(int row, int column)
        {
            string field = Text(row, column).Trim();
            return DateTime.TryParseExact(field, RetrainDateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal,
                out DateTime date) ? date
                : throw Refused(row, $"'{field}', in {Name(column)}, is no date of the format {string.Join(" or ", RetrainDateFormats)}. " +
                    "Mend the field, or RetrainDateFormats: dd/MM/yyyy where the day comes first, MM/dd/yyyy where the month does.");
        }

        private string Columns => $"'{string.Join("', '", _lines[0].Fields.Select(name => name.Trim()))}'";

        private string Name(int column) => _hasHeader ? $"column '{_lines[0].Fields[column].Trim()}'" : $"column {column} (the first is 0)";

        // The loader leaves out empty lines and comments (//), and a quoted field may go over several lines.
        private InvalidDataException Refused(int row, string problem)
        {
            int number = 0;
            using IEnumerator<string> lines = File.ReadLines(_path).GetEnumerator();
            for (int i = 0; i <= row; i++)
            {
                do
                    number++;
                while (lines.MoveNext() && (lines.Current == "" || lines.Current.StartsWith("//", StringComparison.Ordinal)));
                for (int rest = _lines[i].Fields.Sum(field => field.Count(c => c == '\n')); i < row && rest > 0; rest--, number++)
                    lines.MoveNext();
            }
            return new InvalidDataException($"{_path}, line {number}: {problem}");
        }

        private sealed class Line
        {
            public string[] Fields { get; set; } = [];
        }
    }
}
