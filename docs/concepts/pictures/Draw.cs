// Draws the pictures of the course into this folder, or into another one that is named.
// dotnet run docs/concepts/pictures/Draw.cs
#:property PublishAot=false
#:property NoWarn=CA1861
using System.Globalization;

string folder = args is [var other] ? other : (string)AppContext.GetData("EntryPointFileDirectoryPath")!;

var data = new Picture("sequence-data", 680, 330, "Six kinds of sequences",
    "Words, a sound wave, prices, DNA bases, notes and video frames, each running from left to right in time.");
foreach (var (row, name) in new[] { "text", "speech", "prices", "DNA", "music", "video" }.Index())
    data.Text(90, 38 + row * 50, name, "end");
foreach (var (i, word) in new[] { "the", "film", "was", "not", "bad" }.Index())
    data.Box(110 + i * 110, 18, 100, 30, "in", word);
data.Curve(Points(0, 1, 270, u => (110 + 540 * u, 83 + 18 * Math.Sin(140 * u) * Math.Sin(9 * u) * Math.Cos(2 * u))), "a");
data.Curve(Points(0, 40, 40, i => (110 + 13.5 * i, 135 - 9 * Math.Sin(0.35 * i) - 6 * Math.Sin(1.9 * i * i % 7))), "b");
foreach (var (i, letter) in "GATTACAGATTACACC".Index())
    data.Box(110 + i * 34, 168, 30, 30, letter is 'A' or 'T' ? "gate" : "in", $"{letter}");
foreach (var (i, pitch) in new[] { 0, 1, 2, 0, 0, 1, 2, 0, 2, 3, 4, 4 }.Index())
    data.Box(110 + i * 45, 248 - 7 * pitch, 38, 6, "out");
for (int i = 0; i < 8; i++)
{
    data.Box(110 + i * 68, 268, 60, 36, "box");
    data.Circle(120 + i * 74, 286 - 9 * Math.Sin(0.45 * i), 5, "out");
}
data.Arrow(110, 320, 650, 320);
data.Text(90, 324, "time", "end").Save(folder);

string[] sentence = ["the", "cat", "saw", "the", "zebra"], vocabulary = ["the", "cat", "dog", "saw"];
var oneHot = new Picture("one-hot", 620, 250, "From words to keys to one-hot vectors",
    "Each word of a sentence becomes its number in the vocabulary, and that number a column with a single one. An unknown word is all zeros.");
oneHot.Text(60, 30, "vocabulary");
foreach (var (i, word) in vocabulary.Index())
    oneHot.Text(60, 122 + i * 32, $"{i + 1}").Box(76, 106 + i * 32, 60, 24, "box", word);
for (int t = 0; t < sentence.Length; t++)
{
    int x = 190 + t * 84, key = Array.IndexOf(vocabulary, sentence[t]) + 1;
    oneHot.Box(x, 14, 74, 28, "in", sentence[t]).Arrow(x + 37, 44, x + 37, 62).Text(x + 37, 82, $"key {key}").Text(x + 37, 246, $"x_{t + 1}");
    for (int v = 1; v <= vocabulary.Length; v++)
        oneHot.Box(x + 23, 74 + v * 32, 28, 24, v == key ? "out" : "empty", v == key ? "1" : "0");
}
oneHot.Save(folder);

var shared = new Picture("shared-weights", 680, 340, "Weights for each position, or one set for all steps",
    "A standard network joins each position of a padded row to its hidden layer by weights of its own. A recurrent network uses W and R again at every step.");
shared.Text(340, 22, "standard network: a row of fixed length, other weights at each place");
shared.Box(110, 44, 460, 30, "box", "hidden layer");
foreach (var (i, word) in new[] { "the", "cat", "sat", "padding", "padding" }.Index())
{
    shared.Box(110 + i * 96, 126, 76, 30, word == "padding" ? "empty" : "in", word);
    shared.Arrow(148 + i * 96, 124, 148 + i * 96, 76, "abcde"[i] + "").Text(168 + i * 96, 106, $"W_{i + 1}");
}
shared.Text(340, 196, "recurrent network: as many steps as there are words, the same weights at each");
for (int t = 0; t < 3; t++)
{
    int x = 170 + t * 140;
    shared.Box(x, 216, 76, 34, "box", $"h_{t + 1}").Box(x, 298, 76, 30, "in", new[] { "the", "cat", "sat" }[t]);
    shared.Arrow(x + 38, 296, x + 38, 252, "a").Text(x + 56, 280, "W");
    if (t > 0)
        shared.Arrow(x - 62, 233, x - 2, 233, "b").Text(x - 32, 226, "R");
}
shared.Save(folder);

var shapes = new Picture("five-shapes", 970, 230, "Five shapes of network",
    "One to one; one to many; many to one; many to many, a label for each step; and encoder and decoder, where the output has a length of its own.");
int left = 40;
foreach (var (name, steps, ins, outs) in new[] { ("one to one", 1, "1", "1"), ("one to many", 3, "100", "111"), ("many to one", 3, "111", "001"),
    ("many to many", 3, "111", "111"), ("encoder – decoder", 5, "11000", "00111") })
{
    for (int t = 0; t < steps; t++)
    {
        int x = left + t * 52;
        shapes.Box(x, 94, 34, 34, steps == 5 && t >= 2 ? "gate" : "box", "h");
        if (t > 0)
            shapes.Arrow(x - 17, 111, x - 2, 111);
        if (ins[t] == '1')
            shapes.Box(x, 160, 34, 30, "in", "x").Arrow(x + 17, 158, x + 17, 130);
        if (outs[t] == '1')
            shapes.Box(x, 32, 34, 30, "out", "ŷ").Arrow(x + 17, 92, x + 17, 64);
        if (name == "one to many" && t > 0) // what was written is read next
            shapes.Curve([(x - 18, 47), (x - 9, 47), (x - 9, 144), (x + 17, 144), (x + 17, 131)], "dashed");
    }
    shapes.Text(left + (steps * 52 - 18) / 2, 216, name);
    left += Math.Max(steps * 52, 60) + 30;
}
shapes.Save(folder);

var activations = new Picture("activations", 720, 250, "Sigmoid, tanh and softmax",
    "The sigmoid rises from 0 to 1, tanh from -1 to 1; both are flat far from 0. Softmax turns any three scores into shares that add up to 1.");
foreach (var (i, name) in new[] { "sigmoid: a share", "tanh: a signed value", "softmax: one of K" }.Index())
    activations.Text(125 + i * 235, 22, name);
for (int i = 0; i < 2; i++)
{
    int x = 20 + i * 235;
    activations.Line(x, 130, x + 210, 130).Line(x + 105, 40, x + 105, 220);
    Func<double, double> f = i == 0 ? v => 1 / (1 + Math.Exp(-v)) : Math.Tanh;
    activations.Curve(Points(-5, 5, 100, v => (x + 105 + 21 * v, 130 - 80 * f(v))), i == 0 ? "a" : "b");
    activations.Text(x + 98, 56, "1", "end").Text(x + 98, 214, "-1", "end").Text(x + 205, 147, "5", "end").Text(x + 8, 147, "-5");
}
double[] scores = [2, 1, -1];
for (int k = 0; k < 3; k++)
{
    double share = Math.Exp(scores[k]) / scores.Sum(Math.Exp);
    activations.Box(506 + k * 70, 200 - 150 * share, 46, 150 * share, "out").Text(529 + k * 70, 220, $"{scores[k]}")
        .Text(529 + k * 70, 192 - 150 * share, share.ToString("0.00", CultureInfo.InvariantCulture));
}
activations.Text(599, 242, "the scores that went in").Save(folder);

var back = new Picture("back-through-time", 700, 270, "Back-propagation through time",
    "The states are computed from left to right. The gradient of the loss then runs from the last step back to the first; truncation cuts it.");
for (int t = 0; t < 5; t++)
{
    int x = 40 + t * 132;
    back.Box(x, 110, 70, 40, "box", $"h_{t + 1}").Box(x, 200, 70, 30, "in", $"x_{t + 1}").Arrow(x + 35, 198, x + 35, 152);
    if (t > 0)
        back.Arrow(x - 60, 120, x - 2, 120).Arrow(x - 2, 140, x - 60, 140, t == 2 ? "back dashed" : "back");
}
back.Box(568, 26, 70, 34, "out", "loss").Arrow(593, 108, 593, 62).Arrow(613, 62, 613, 108, "back");
back.Curve([(273, 90), (273, 245)], "dashed").Text(273, 80, "truncated: the gradient stops here").Text(273, 262, "states still pass");
back.Text(40, 40, "forward, then", "start").Arrow(150, 35, 190, 35).Text(40, 62, "gradient back", "start").Arrow(190, 57, 150, 57, "back");
back.Save(folder);

var norms = new Picture("gradient-norm", 730, 320, "The norm of the gradient by steps back",
    "On a logarithmic scale: it falls like a power in an RNN with small weights, grows with large ones, and stays near its size in an LSTM whose forget gate is open.");
double Y(double norm) => 150 - 15.5 * Math.Log10(norm);
for (int power = -8; power <= 4; power += 4)
    norms.Curve([(70, Y(Math.Pow(10, power))), (460, Y(Math.Pow(10, power)))], "thin").Text(62, Y(Math.Pow(10, power)) + 5, power == 0 ? "1" : $"1e{power}", "end");
foreach (var (i, (name, curve)) in new[] { ("RNN, weights × 2", Flow.Rnn(2)), ("LSTM, forget bias 5", Flow.Lstm(5)), ("RNN, orthogonal weights", Flow.Rnn(1)),
    ("LSTM, forget bias 1", Flow.Lstm(1)), ("RNN, weights × 0.7", Flow.Rnn(0.7)) }.Index())
{
    norms.Curve([.. curve.Index().Select(p => (70 + 6.5 * p.Index, Y(p.Item))).TakeWhile(p => p.Item2 is > 20 and < 282)], "abcde"[i] + "");
    norms.Curve([(480, 60 + 40 * i), (510, 60 + 40 * i)], "abcde"[i] + "").Text(520, 65 + 40 * i, name, "start");
}
for (int steps = 0; steps <= 60; steps += 20)
    norms.Text(70 + 6.5 * steps, 298, $"{steps}");
norms.Text(265, 316, "steps back from the loss").Save(folder);

var gru = new Picture("gru", 700, 290, "A GRU step",
    "The reset gate weighs what the old state puts into the candidate. The update gate mixes the candidate with the old state.");
gru.Box(20, 36, 80, 36, "box", "h_{t-1}").Box(20, 226, 80, 36, "in", "x_t");
gru.Box(190, 100, 100, 40, "gate", "reset r").Box(190, 170, 100, 40, "gate", "update z").Box(380, 100, 130, 40, "out", "candidate n");
gru.Box(430, 36, 130, 36, "empty", "n + z (h − n)").Box(610, 36, 70, 36, "box", "h_t");
gru.Arrow(102, 54, 428, 54).Arrow(562, 54, 608, 54).Arrow(292, 120, 378, 120).Text(335, 112, "× (R h)").Arrow(445, 98, 445, 74);
gru.Curve([(292, 190), (540, 190), (540, 76)], "a", tip: true).Text(355, 209, "how much of the old", "start").Text(355, 227, "state stays", "start");
gru.Curve([(60, 74), (60, 120), (188, 120)], "line", tip: true).Curve([(60, 120), (60, 184), (188, 184)], "line", tip: true);
gru.Curve([(102, 244), (150, 244), (150, 130), (188, 130)], "line", tip: true).Curve([(150, 198), (188, 198)], "line", tip: true);
gru.Curve([(150, 244), (345, 244), (345, 130), (378, 130)], "line", tip: true);
gru.Save(folder);

var lstm = new Picture("lstm", 780, 310, "An LSTM step",
    "The cell state passes straight through: multiplied by the forget gate, and added to by the input gate times the candidate. The output gate shows a part of it.");
lstm.Box(20, 36, 80, 36, "out", "c_{t-1}").Box(20, 246, 80, 50, "box", "h_{t-1}, x_t").Box(690, 36, 70, 36, "out", "c_t").Box(690, 253, 70, 36, "box", "h_t");
lstm.Circle(200, 54, 16, "empty", "×").Circle(356, 54, 16, "empty", "+").Circle(356, 126, 16, "empty", "×").Circle(640, 271, 16, "empty", "×");
lstm.Arrow(102, 54, 182, 54, "a").Arrow(218, 54, 338, 54, "a").Arrow(374, 54, 688, 54, "a").Text(525, 38, "the cell state: no matrix, no squashing");
foreach (var (i, name) in new[] { "forget f", "input i", "candidate g", "output o" }.Index())
    lstm.Box(152 + 104 * i, 184, 96, 36, i == 2 ? "out" : "gate", name).Arrow(200 + 104 * i, 240, 200 + 104 * i, 222);
lstm.Curve([(102, 271), (126, 271), (126, 240), (512, 240)], "line").Arrow(200, 182, 200, 72).Arrow(356, 108, 356, 72);
lstm.Curve([(304, 182), (304, 126), (338, 126)], "line", tip: true).Curve([(408, 182), (408, 126), (374, 126)], "line", tip: true);
lstm.Arrow(640, 56, 640, 108).Box(605, 110, 70, 32, "empty", "tanh").Arrow(640, 144, 640, 253);
lstm.Curve([(560, 202), (590, 202), (590, 271), (622, 271)], "line", tip: true).Arrow(658, 271, 688, 271);
lstm.Save(folder);

var deep = new Picture("bidirectional-deep", 680, 350, "Two layers, both directions",
    "Each layer has a forward and a backward network side by side. The second layer reads both states of the first at each step.");
for (int t = 0; t < 4; t++)
{
    int x = 130 + t * 140;
    deep.Box(x, 306, 80, 30, "in", $"x_{t + 1}").Box(x, 12, 80, 30, "out", $"ŷ_{t + 1}").Arrow(x + 40, 72, x + 40, 44);
    for (int layer = 0; layer < 2; layer++)
    {
        int y = layer == 0 ? 196 : 74;
        deep.Box(x, y, 80, 34, "box", "→ h").Box(x, y + 40, 80, 34, "gate", "← h").Arrow(x + 40, layer == 0 ? 304 : 194, x + 40, y + 76);
        if (t > 0)
            deep.Arrow(x - 58, y + 17, x - 2, y + 17).Arrow(x - 2, y + 57, x - 58, y + 57);
    }
}
deep.Text(60, 237, "layer 1").Text(60, 115, "layer 2").Save(folder);

var translation = new Picture("encoder-decoder", 780, 370, "An encoder, a decoder, and attention between them",
    "An encoder reads four letters. A layer makes the decoder's first state of its last one. At its second step the decoder weighs all states of the encoder; their mean and its own state give the second output, which is read next.");
foreach (var (i, letter) in new[] { "M", "a", "y", "9" }.Index())
{
    int x = 30 + i * 86;
    translation.Box(x, 322, 56, 30, "in", letter).Box(x, 236, 56, 34, "box", $"h_{i + 1}").Arrow(x + 28, 320, x + 28, 272);
    if (i > 0)
        translation.Arrow(x - 28, 253, x - 2, 253);
    translation.Curve([(x + 28, 234), (208 + 12 * i, 144)], i == 2 ? "a" : "line", tip: true).Text(x + (i < 2 ? 12 : 50), 212, $"a_{{2{i + 1}}}");
}
foreach (var (t, letter) in new[] { "begin", "0", "5" }.Index())
{
    int x = 450 + t * 116;
    translation.Box(x, 322, 66, 30, "in", letter).Box(x, 236, 66, 34, "gate", $"s_{t + 1}").Arrow(x + 33, 320, x + 33, 272);
    translation.Box(x, 108, 66, 34, "box", $"h̃_{t + 1}").Arrow(x + 33, 234, x + 33, 144).Box(x, 24, 66, 34, "out", new[] { "0", "5", "-" }[t]).Arrow(x + 33, 106, x + 33, 60);
    if (t > 0)
        translation.Arrow(x - 50, 253, x - 2, 253);
    if (t < 2)
        translation.Curve([(x + 68, 41), (x + 90, 41), (x + 90, 337), (x + 114, 337)], "dashed", tip: true);
}
translation.Arrow(346, 253, 448, 253, "d").Text(397, 243, "bridge").Circle(226, 124, 20, "empty", "c_2");
translation.Curve([(226, 102), (226, 78), (556, 78), (556, 118), (564, 118)], "a", tip: true).Text(336, 70, "what the second step found");
translation.Text(188, 14, "encoder: reads").Text(599, 14, "decoder: writes").Save(folder);

var lattice = new Picture("ctc-lattice", 780, 330, "All ways in which six steps may say A and B",
    "Five rows, of blank, A, blank, B and blank, and six columns of steps. From each circle a way goes on to the same row, to the next one, or past a blank. One way is drawn thick: blank, A, A, blank, B, B.");
string[] states = ["blank", "A", "blank", "B", "blank"];
(double X, double Y) At(int step, int state) => (150 + step * 116, 44 + state * 54);
bool OnTheWay(int step, int state) => state == new[] { 0, 1, 1, 2, 3, 3 }[step];
for (int step = 0; step < 5; step++)
    for (int state = 0; state < 5; state++)
        for (int next = state; next <= Math.Min(4, state + (state % 2 == 1 ? 2 : 1)); next++)
        {
            // A way begins in one of the first two rows and ends in one of the last two.
            if (state > 2 * step + 1 || next < 3 - 2 * (4 - step))
                continue;
            bool taken = OnTheWay(step, state) && OnTheWay(step + 1, next);
            (double x1, double y1) = At(step, state);
            (double x2, double y2) = At(step + 1, next);
            double length = Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)), r = 17 / length;
            lattice.Arrow(x1 + r * (x2 - x1), y1 + r * (y2 - y1), x2 - r * (x2 - x1), y2 - r * (y2 - y1), taken ? "a" : "line");
        }
for (int state = 0; state < 5; state++)
{
    lattice.Text(96, At(0, state).Y + 5, states[state], "end");
    for (int step = 0; step < 6; step++)
        if (state <= 2 * step + 1 && state >= 3 - 2 * (5 - step))
            lattice.Circle(At(step, state).X, At(step, state).Y, 15, OnTheWay(step, state) ? "box" : state % 2 == 1 ? "in" : "empty", state == 1 ? "A" : state == 3 ? "B" : "");
}
for (int step = 0; step < 6; step++)
    lattice.Text(At(step, 0).X, 308, $"t = {step + 1}");
lattice.Save(folder);

static (double, double)[] Points(double from, double to, int pieces, Func<double, (double, double)> at) =>
    [.. Enumerable.Range(0, pieces + 1).Select(i => at(from + (to - from) * i / pieces))];

/// <summary>The norm of the gradient going back 60 steps, in double: through the states of an RNN, and along an LSTM's cell state.</summary>
internal static class Flow
{
    private const int Units = 24, Steps = 60;

    /// <summary>dh_{t-1} = R' (1 - h_t^2) dh_t, of 24 units with random inputs and an orthogonal R that is multiplied by a number.</summary>
    public static double[] Rnn(double scale)
    {
        var random = new Random(1);
        double[][] r = [.. Orthogonal(random).Select(row => row.Select(v => scale * v).ToArray())], states = new double[Steps + 1][];
        states[0] = new double[Units];
        for (int t = 1; t <= Steps; t++)
            states[t] = [.. r.Select(row => Math.Tanh(Dot(row, states[t - 1]) + 0.2 * Normal(random)))];
        double[] gradient = [.. Enumerable.Repeat(1 / Math.Sqrt(Units), Units)], norms = new double[Steps + 1];
        for (int t = Steps; t >= 0; t--)
        {
            norms[Steps - t] = Math.Sqrt(Dot(gradient, gradient));
            double[] inside = [.. gradient.Zip(states[t], (g, h) => g * (1 - h * h))];
            gradient = [.. Enumerable.Range(0, Units).Select(column => Dot([.. r.Select(row => row[column])], inside))];
        }
        return norms;
    }

    /// <summary>dc_{t-1} = f dc_t, where all that the forget gate adds is its bias.</summary>
    public static double[] Lstm(double forgetBias) =>
        [.. Enumerable.Range(0, Steps + 1).Select(back => Math.Pow(1 / (1 + Math.Exp(-forgetBias)), back))];

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

    /// <summary>Random rows made orthogonal one after the other, by Gram and Schmidt.</summary>
    private static double[][] Orthogonal(Random random)
    {
        var rows = new List<double[]>();
        while (rows.Count < Units)
        {
            double[] row = [.. Enumerable.Range(0, Units).Select(_ => Normal(random))];
            foreach (double[] other in rows)
            {
                double along = Dot(row, other);
                row = [.. row.Zip(other, (v, o) => v - along * o)];
            }
            double norm = Math.Sqrt(Dot(row, row));
            rows.Add([.. row.Select(v => v / norm)]);
        }
        return [.. rows];
    }
}

/// <summary>An SVG that follows the reader's colour scheme. A text's x_t or x_{t-1} becomes an x with a subscript.</summary>
internal sealed class Picture(string name, int width, int height, string title, string description)
{
    private const string Style = """
        text{font:15px system-ui,sans-serif;fill:#1f2328}.sub{font-size:12px}rect,circle{stroke-width:1.5}.box{fill:#ddf4ff;stroke:#0969da}.in{fill:#dafbe1;stroke:#1a7f37}
        .out{fill:#fff8c5;stroke:#9a6700}.gate{fill:#fbefff;stroke:#8250df}.empty{fill:none;stroke:#818b98}path{fill:none;stroke:#59636e;stroke-width:1.5}.tip{fill:#59636e;stroke:none}
        path.a{stroke:#0969da;stroke-width:2.5}path.b{stroke:#1a7f37;stroke-width:2.5}path.c{stroke:#bc4c00;stroke-width:2.5}path.d{stroke:#8250df;stroke-width:2.5}path.e{stroke:#bf3989;stroke-width:2.5}
        path.back{stroke:#cf222e;stroke-width:2.5}path.dashed{stroke-dasharray:5 4}path.thin{stroke:#d1d9e0;stroke-width:1}
        @media (prefers-color-scheme: dark){text{fill:#f0f6fc}.box{fill:#0c2d6b;stroke:#4493f8}.in{fill:#033a16;stroke:#3fb950}.out{fill:#4b2900;stroke:#d29922}.gate{fill:#3c1e70;stroke:#ab7df8}
        .empty{stroke:#9198a1}path{stroke:#9198a1}.tip{fill:#9198a1}path.a{stroke:#4493f8}path.b{stroke:#3fb950}path.c{stroke:#f0883e}path.d{stroke:#ab7df8}path.e{stroke:#f778ba}path.back{stroke:#f85149}path.thin{stroke:#3d444d}}
        """;

    private string _body = "";

    public Picture Box(double x, double y, double w, double h, string kind, string text = "") =>
        Add($"<rect class=\"{kind}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(w)}\" height=\"{N(h)}\" rx=\"{N(Math.Min(5, h / 3))}\"/>").Text(x + w / 2, y + h / 2 + 5, text);

    public Picture Circle(double x, double y, double r, string kind, string text = "") =>
        Add($"<circle class=\"{kind}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(r)}\"/>").Text(x, y + 5, text);

    public Picture Line(double x1, double y1, double x2, double y2) => Curve([(x1, y1), (x2, y2)], "line");

    public Picture Arrow(double x1, double y1, double x2, double y2, string kind = "line") => Curve([(x1, y1), (x2, y2)], kind, tip: true);

    public Picture Curve((double X, double Y)[] points, string kind, bool tip = false) =>
        Add($"<path class=\"{kind}\" d=\"M{string.Join('L', points.Select(p => $"{N(p.X)} {N(p.Y)}"))}\"{(tip ? " marker-end=\"url(#tip)\"" : "")}/>");

    public Picture Text(double x, double y, string text, string anchor = "middle") => text == "" ? this :
        Add($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\">{Subscripts(text)}</text>");

    public void Save(string folder) => File.WriteAllText(Path.Combine(folder, name + ".svg"), $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
        <title>{title}</title>
        <desc>{description}</desc>
        <style>
        {Style}
        </style>
        <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
        {_body.TrimEnd()}
        </svg>

        """.ReplaceLineEndings("\n"));

    private Picture Add(string element)
    {
        _body += element + "\n";
        return this;
    }

    private static string Subscripts(string text)
    {
        int at = text.IndexOf('_', StringComparison.Ordinal);
        if (at < 0)
            return text;
        int end = text[at + 1] == '{' ? text.IndexOf('}', at) : at + 1;
        string sub = text[(at + 1)..(end + 1)].Trim('{', '}').Replace('-', '−');
        return $"{text[..at]}<tspan class=\"sub\" dy=\"4\">{sub}</tspan>{(end + 1 < text.Length ? $"<tspan dy=\"-4\">{Subscripts(text[(end + 1)..])}</tspan>" : "")}";
    }

    private static string N(double value) => (Math.Round(value, 1) + 0).ToString("0.#", CultureInfo.InvariantCulture);
}
