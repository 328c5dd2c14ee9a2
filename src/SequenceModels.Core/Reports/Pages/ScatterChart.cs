namespace SequenceModels.Reports;

/// <summary>Numbers and what was predicted for them; right predictions lie on the diagonal.</summary>
internal sealed class ScatterChart : Figure
{
    public required IReadOnlyList<PredictedNumber> Points { get; init; }

    protected override double Height => 460;

    protected override string Description =>
        $"Scatter chart of {Numbers.Count(Points.Count, "row")}. Horizontal: the label. Vertical: the prediction. A diagonal " +
        "line marks where both are equal.";

    protected override void Draw(Markup page)
    {
        var scale = Scale.Linear(Points.SelectMany(point => new double[] { point.Actual, point.Predicted }));
        var frame = new PlotFrame(scale, scale, Width, Height);
        frame.Draw(page, "label", "prediction");
        double low = scale.Ticks[0].Value, high = scale.Ticks[^1].Value;
        Line(page, frame.X(low), frame.Y(low), frame.X(high), frame.Y(high), "reference");
        foreach (PredictedNumber point in Points)
            if (Scale.HasPlace(point.Actual) && Scale.HasPlace(point.Predicted))
                page.Empty("circle", ("cx", Numbers.Place(frame.X(point.Actual))),
                    ("cy", Numbers.Place(frame.Y(point.Predicted))), ("r", "3"), ("class", "dot"));
    }
}
