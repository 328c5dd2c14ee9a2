// Files that users have: read by what the templates make of these options, or refused with a message that says where and why.
//   Texts       seq-classify --label Label --text Text
//   Frames      seq-classify --input frames --label Label --steps 2 --features 2
//   FramesComma seq-classify --input frames --label 0 --steps 1 --features 2 --separator semicolon --decimal-comma
//   Sales       seq-forecast --time Day --value Sold
//   Net         seq-forecast --time 0 --value 'Sold, "net"' --date-format dd/MM/yyyy --decimal-comma
//   Tags        seq-tag --word Word --label Tag
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

string folder = Directory.CreateTempSubdirectory().FullName;
string file = Path.Combine(folder, "f.csv");
int wrong = 0;

// Fields are cut by one set of rules, in the header as in the rows.
Reads("quoted names and fields", "\"Size, m\",Label,Text,Note\n\"1,5\",yes,fine boat,n1\n\"2,5\",no,old boat,n2\n", Texts, "yes: fine boat | no: old boat");
Reads("newlines and doubled quotes", "\"Si\nze\",\"Label\",\"Text\"\n1,yes,\"a\n\n\"\"big\"\" boat\"\n2,no,old\n", Texts, "yes: a\n\n\"big\" boat | no: old");
Reads("a mark of the byte order, CRLF, spaces", "\uFEFF\"Label\", Text \r\nyes,fine boat\r\n", Texts, "yes: fine boat");
Reads("empty lines and comments", "\n// made by hand\nLabel,Text\n\nyes,fine\n", Texts, "yes: fine");
Reads("another separator", "Label|Text\nyes|\"a|b\"\n", name => ReadTexts(name, '|'), "yes: a|b");
Reads("no header", "yes,fine\nno,old\n", name => ReadTexts(name, hasHeader: false), "yes: fine | no: old");
Reads("no quoting", "Label,Text\nyes,5\" pipe\n", name => ReadTexts(name, allowQuoting: false), "yes: 5\" pipe");
Reads("rows that end early or in separators", "Label,Text\nyes\nno,old,,\n", Texts, "yes:  | no: old");
Refuses("an empty file", "", Texts, "f.csv is empty");
Refuses("a file of empty lines", "\n\n", Texts, "f.csv is empty");
Refuses("a header only", "Label,Text\n", Texts, "f.csv has a header, 'Label', 'Text', and no row");
Refuses("a column that is not there", "Kind,\"Text, long\"\nyes,fine\n", Texts, "f.csv has no column 'Label', but 'Kind', 'Text, long'");
Refuses("a name twice", "Label,Text,Label\nyes,fine,no\n", Texts, "f.csv has 2 columns 'Label': 'Label', 'Text', 'Label'");
Refuses("a field with the separator", "Label,Text\nyes,fine\n\n//\nno,old, or grey\n", Texts, "f.csv, line 5: 'no,old,or grey' has 3 fields, where the first line has 2");
Refuses("a quote that goes on", "Label,Text\nyes,\"fine\"boat\n", Texts, "f.csv(2,");
Refuses("a quote without end", "Label,Text\nyes,\"fine\nno,old\n", Texts, "never closed");

// Numbers: an empty one is missing.
Reads("empty numbers", "Day,Sold\n2024-02-01,210\n2024-02-02,\n2024-02-03,190\n2024-02-04\n2024-02-05,\" \"\n2024-02-06,NA\n2024-02-07,NaN\n", Sales,
    "2024-02-01 210 | 2024-02-02 NaN | 2024-02-03 190 | 2024-02-04 NaN | 2024-02-05 NaN | 2024-02-06 NaN | 2024-02-07 NaN");
Reads("numbers of frames", "Label,A,B,C,D\nup,1,2.5,,-4e1\n", Frames, "up: 1 2.5 NaN -40");
Reads("decimal commas", "up;1,5;-2\ndown;;3,25e1\n", name => ReadFramesComma(name, hasHeader: false), "up: 1.5 -2 | down: NaN 32.5");
Refuses("a decimal comma", "Day,Sold\n2024-02-01,210\n2024-02-02,\"12,5\"\n", Sales, "f.csv, line 3: '12,5', in column 'Sold', is no number with the decimal marker '.'", "RetrainDecimalMarker: '.' where");
Refuses("a decimal comma without quotes", "Day,Sold\n2024-02-01,210\n2024-02-02,12,5\n", Sales, "f.csv, line 3: '2024-02-02,12,5' has 3 fields", "decimal comma");
Refuses("a decimal point", "Label;A;B\nup;1,5;2\n\"a\nb\";1;2\nup;1.5;2\n", FramesComma, "f.csv, line 5: '1.5', in column 'A', is no number with the decimal marker ','");
Refuses("thousands", "Label,A,B,C,D\nup,\"1,000\",1,1,1\n", Frames, "f.csv, line 2: '1,000', in column 'A'");
Refuses("a word", "Label,A,B,C,D\nup,1,1,none,1\n", Frames, "f.csv, line 2: 'none', in column 'C'");
Refuses("a number that is not finite", "Label,A,B,C,D\nup,1,1,1,1e99\n", Frames, "'1e99'");
Refuses("a word, without a header", "up,1,1,none,1\n", name => ReadFrames(name, hasHeader: false), "f.csv, line 1: 'none', in column 3 (the first is 0)");
Refuses("columns that end before the numbers do", "Label,A,B\nup,1,2\n", Frames, "f.csv has no column 4 (the first is 0): its first line is 'Label', 'A', 'B'");

// Dates: in the format that was chosen, and in no other.
Reads("times of day", "Day,Sold\n2024-02-01 13:45,1\n2024-02-01T13:45:30,2\n2024-02-01T13:46:00+02:00,3\n2024-02,4\n", Sales,
    "2024-02-01 13:45:00 1 | 2024-02-01 13:45:30 2 | 2024-02-01 11:46:00 3 | 2024-02-01 4");
Reads("a chosen order", "Tag;\"Sold, \"\"net\"\"\"\n11/02/2024;1\n12/02/2024;2,5\n01/03/2024;\n", Net, "2024-02-11 1 | 2024-02-12 2.5 | 2024-03-01 NaN");
Refuses("another order", "Day,Sold\n11/02/2024,1\n12/02/2024,2\n", Sales, "f.csv, line 2: '11/02/2024', in column 'Day', is no date of the format yyyy-MM-dd", "RetrainDateFormats: dd/MM/yyyy where");
Refuses("no such day", "Tag;\"Sold, \"\"net\"\"\"\n11/02/2024;1\n02/13/2024;2\n", Net, "f.csv, line 3: '02/13/2024', in column 'Tag', is no date of the format dd/MM/yyyy");
Refuses("an empty date", "Day,Sold\n2024-02-01,1\n,2\n", Sales, "f.csv, line 3: '', in column 'Day'");

// Sentences: a word in each line, an empty line after each sentence.
Reads("sentences", "\n Word ,Tag\r\nsee,O\r\n\"Oslo, \"\"N\"\"\",B\r\n\r\n\r\n//,O\r\n#,O\r\n", Tags, "see/O Oslo, \"N\"/B | ///O #/O");
Reads("quotes that are words", "Word,Tag\n\",O\nx,O\n", name => ReadTags(name, allowQuoting: false), "\"/O x/O");
Refuses("no sentences", "\n", Tags, "f.csv is empty");
Refuses("a header without sentences", "Word,Tag\n\n", Tags, "f.csv has a header, 'Word', 'Tag', and no sentence");
Refuses("no column of tags", "Word,Label\nsee,O\n", Tags, "f.csv has no column 'Tag', but 'Word', 'Label'");
Refuses("two columns of tags", "Word,Tag,Tag\nsee,O,O\n", Tags, "f.csv has 2 columns 'Tag'");
Refuses("a line that ends early", "Word,Tag\nsee,O\n\nOslo\n", Tags, "f.csv, line 4: 'Oslo' has 1 column,");
Refuses("a quote without end in a line", "Word,Tag\nsee,O\n\"Oslo,B\n", Tags, "f.csv, line 3: '\"Oslo,B' has a quote");

// The same under a culture with commas, and under one that cannot write every date.
CultureInfo.CurrentCulture = new CultureInfo("de-DE");
Reads("in German", "Label,A,B,C,D\nup,1,2.5,,-4e1\n", Frames, "up: 1 2.5 NaN -40");
CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
Reads("in Arabic", "Day,Sold\n1880-02-01,2.5\n", Sales, "1880-02-01 2.5");
Refuses("in Arabic", "Day,Sold\n1880-02-01,2.5\n01.03.1880,1\n", Sales, "f.csv, line 3: '01.03.1880'");

Directory.Delete(folder, recursive: true);
Console.WriteLine(wrong == 0 ? "All files are read or refused as they should be." : $"{wrong} wrong");
return wrong == 0 ? 0 : 1;

void Reads(string name, string text, Func<string, string> read, string wanted) => Try(name, text, read, told => told == wanted, wanted);

void Refuses(string name, string text, Func<string, string> read, params string[] parts) =>
    Try(name, text, read, told => told.StartsWith("InvalidDataException: ", StringComparison.Ordinal) && parts.All(told.Contains), string.Join(" ... ", parts));

void Try(string name, string text, Func<string, string> read, Predicate<string> right, string wanted)
{
    File.WriteAllText(file, text);
    string told;
    try
    {
        told = read(file);
    }
    catch (Exception e)
    {
        told = $"{e.GetType().Name}: {e.Message}";
    }
    if (right(told))
        return;
    wrong++;
    Console.WriteLine($"{name}\n  wanted: {wanted}\n  is:     {told}");
}

string Texts(string name) => ReadTexts(name);

string ReadTexts(string name, char separatorChar = ',', bool hasHeader = true, bool allowQuoting = true)
{
    var ml = new MLContext(seed: 1);
    IDataView data = global::Texts.LoadIDataViewFromFile(ml, name, separatorChar, hasHeader, allowQuoting);
    return string.Join(" | ", data.GetColumn<string>("Label").Zip(data.GetColumn<string>("Text"), (label, words) => $"{label}: {words}"));
}

string Frames(string name) => ReadFrames(name);

string ReadFrames(string name, bool hasHeader = true) => Rows(global::Frames.LoadIDataViewFromFile(new MLContext(seed: 1), name, ',', hasHeader, true));

string FramesComma(string name) => ReadFramesComma(name);

string ReadFramesComma(string name, bool hasHeader = true) => Rows(global::FramesComma.LoadIDataViewFromFile(new MLContext(seed: 1), name, ';', hasHeader, true));

string Rows(IDataView data) => string.Join(" | ", data.GetColumn<string>("Label").Zip(data.GetColumn<float[]>("Values"),
    (label, values) => $"{label}: {string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}"));

string Sales(string name) => Steps(global::Sales.LoadIDataViewFromFile(new MLContext(seed: 1), name, ',', true, true), "Day", "Sold");

string Net(string name) => Steps(global::Net.LoadIDataViewFromFile(new MLContext(seed: 1), name, ';', true, true), "Time", "Sold, \"net\"");

string Steps(IDataView data, string time, string value) => string.Join(" | ", data.GetColumn<DateTime>(time).Zip(data.GetColumn<float>(value),
    (date, number) => string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd HH:mm:ss} {number}").Replace(" 00:00:00", "")));

string Tags(string name) => ReadTags(name);

string ReadTags(string name, bool allowQuoting = true)
{
    var ml = new MLContext(seed: 1);
    IDataView data = global::Tags.LoadIDataViewFromFile(ml, name, ',', true, allowQuoting);
    return string.Join(" | ", ml.Data.CreateEnumerable<global::Tags.ModelInput>(data, false)
        .Select(row => string.Join(' ', row.Words.Zip(row.Tags, (word, tag) => $"{word}/{tag}"))));
}
