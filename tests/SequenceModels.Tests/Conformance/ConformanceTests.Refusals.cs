using Microsoft.ML;
using SequenceModels.Columns;
using Xunit;

namespace SequenceModels.Tests.Conformance;

public partial class ConformanceTests
{
    [Theory, MemberData(nameof(Names))]
    public void Options_out_of_range_are_refused_at_once_and_named(string name)
    {
        Subject subject = Find(name);
        Assert.NotEmpty(subject.Refused);
        foreach ((string option, Func<MLContext, IEstimator<ITransformer>> create) in subject.Refused)
            Assert.Contains(option, Assert.ThrowsAny<ArgumentException>(() => create(new MLContext())).Message);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_missing_column_is_named(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        foreach (TestColumn missing in subject.Inputs)
            Refused(subject, transformer, new TestView([Extra("Extra"), .. view.Columns.Where(column => column != missing)]),
                missing.Name);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_column_of_a_wrong_type_is_named(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        foreach (TestColumn wrong in subject.Inputs.Where(column => !subject.OfAnyType.Contains(column.Name)))
            Refused(subject, transformer,
                new TestView([.. view.Columns.Select(column => column == wrong ? Extra(wrong.Name) : column)]), wrong.Name);
    }

    private static void Refused(Subject subject, ITransformer transformer, TestView view, string column)
    {
        List<Action> uses = [() => subject.Make().GetOutputSchema(SchemaShapes.Of(view.Schema)), () => subject.Make().Fit(view)];
        if (subject.Scored.Any(input => input.Name == column))
            uses.AddRange([() => transformer.Transform(view), () => transformer.GetOutputSchema(view.Schema)]);
        if (subject.IsRowToRow && subject.Scored.Any(input => input.Name == column))
            uses.Add(() => transformer.GetRowToRowMapper(view.Schema));
        Assert.All(uses, use => Assert.Contains($"'{column}'", Assert.Throws<ArgumentOutOfRangeException>(use).Message));
        Assert.Empty(view.Reads);
    }
}
