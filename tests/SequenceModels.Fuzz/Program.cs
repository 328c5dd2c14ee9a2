// Puts files out of order, and says which are neither refused with a clear error nor usable.
using System.Globalization;
using SequenceModels.Fuzz;

int mutations = 10_000, seed = 1, first = 0;
var kinds = new List<string>();
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    switch (args[i])
    {
        case "--mutations": mutations = Number(value); break;
        case "--seed": seed = Number(value); break;
        case "--first": first = Number(value); break;
        case "--kind" when FuzzSubjects.All.ContainsKey(value): kinds.Add(value); break;
        default:
            Console.Error.WriteLine($"Not understood: {args[i]} {value}");
            Console.Error.WriteLine("--mutations N (of each kind)  --seed N  --first N (the first mutation's number)  --kind " +
                "NAME (more than once; else all)");
            Console.Error.WriteLine($"Kinds: {string.Join(' ', FuzzSubjects.All.Keys)}");
            return 2;
    }
}

int failures = 0;
foreach (string kind in kinds.Count > 0 ? kinds : [.. FuzzSubjects.All.Keys])
{
    FuzzSubject subject = FuzzSubjects.All[kind]();
    int before = failures;
    long started = System.Diagnostics.Stopwatch.GetTimestamp();
    foreach (string failure in FuzzRun.Failures(subject, seed, first, mutations, longest: TimeSpan.FromSeconds(5)))
    {
        Console.WriteLine(failure);
        failures++;
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{kind}: {mutations} mutations of {subject.Payload.Length} bytes, {failures - before} failures, " +
        $"{System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
}
return failures == 0 ? 0 : 1;

static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int number)
    ? number
    : throw new FormatException($"'{text}' is no number.");
