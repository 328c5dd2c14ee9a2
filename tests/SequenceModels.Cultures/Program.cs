// Provokes messages of the library under several cultures. Prints those that are not, to the character, what they are under the
// invariant culture, and how many were compared; ends with 1 if any differs. With the argument "list" it prints all of them.
using System.Globalization;
using SequenceModels.Cultures;

// Without ICU all cultures are alike, and the comparison would say nothing.
CultureInfo[] unlike = [new("ar-SA"), new("th-TH"), new("fa-IR"), new("de-DE")];
foreach (CultureInfo culture in unlike)
    if ((-1.5).ToString(culture) + new DateTime(2024, 2, 1).ToString("yyyy-MM-dd", culture) == "-1.52024-02-01")
        throw new InvalidOperationException(
            $"Culture {culture} has no rules of its own: ICU is missing (apt-get install libicu72, or what the system has).");

var messages = new Messages();
(string Name, string Text)[] wanted = Under(CultureInfo.InvariantCulture);
if (args is ["list"])
    foreach ((string name, string text) in wanted)
        Console.WriteLine($"{name}: {Around(text, 100)}");
int different = 0;
foreach (string culture in new[] { "ar-SA", "th-TH", "fa-IR", "de-DE" })
{
    (string Name, string Text)[] told = Under(new CultureInfo(culture));
    if (told.Length != wanted.Length)
        Console.WriteLine($"{culture}: {++different}: {told.Length} messages, not {wanted.Length}");
    foreach (((string name, string text), (_, string right)) in told.Zip(wanted))
    {
        if (text == right)
            continue;
        different++;
        int at = text.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        Console.WriteLine($"{culture}, {name}:\n  is     {Around(text, at)}\n  wanted {Around(right, at)}");
    }
}
Console.WriteLine($"{wanted.Length} messages, {different} differ");
return different == 0 && wanted.Length > 100 ? 0 : 1;

(string Name, string Text)[] Under(CultureInfo culture)
{
    CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
    CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = culture;
    return messages.All();
}

// A page of a report is long: what stands around the first difference is enough.
static string Around(string text, int at) => text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 100)];
