using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Conformance;

/// <summary>What every estimator of the library owes to ML.NET and its users, asked of each.</summary>
public partial class ConformanceTests
{
    /// <summary>Each is fitted once: no test changes a transformer.</summary>
    private static readonly ConcurrentDictionary<string, ITransformer> s_fitted = new();

    public static TheoryData<string> Names => [.. Subjects.All.Select(subject => subject.Name)];

    [Fact]
    public void Every_estimator_of_the_library_is_a_subject()
    {
        IEnumerable<Type> estimators = new[] { typeof(RowTransformer), typeof(AudioClip) }
            .SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => !type.IsAbstract &&
            type.GetInterfaces().Any(of => of.IsGenericType && of.GetGenericTypeDefinition() == typeof(IEstimator<>)));
        Assert.Equal(estimators.Select(type => type.Name).Order(),
            Subjects.All.Select(subject => subject.Make().GetType().Name).Distinct().Order());
    }

    [Theory, MemberData(nameof(Names))]
    public void The_declared_schema_is_the_produced_one(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        SchemaShape declared = subject.Make().GetOutputSchema(SchemaShapes.Of(view.Schema));
        DataViewSchema produced = transformer.Transform(view).Schema;
        Assert.Equal(Shape(declared), Shape(SchemaShapes.Of(produced)));
        Assert.Equal(produced.Select(Rows.Describe), transformer.GetOutputSchema(view.Schema).Select(Rows.Describe));
        Assert.Equal([.. view.Schema.Select(column => column.Name), .. subject.Outputs], produced.Select(column => column.Name));
    }

    [Theory, MemberData(nameof(Names))]
    public void Fit_leaves_its_input_alone(string name)
    {
        Subject subject = Find(name);
        TestView view = subject.View();
        string[] all = [.. view.Columns.Select(column => column.Name)], before = Rows.Of(view, all);
        subject.Make().Fit(view);
        Assert.Equal(before, Rows.Of(view, all));
        Assert.Equal(before, Rows.Of(subject.View(), all));
    }

    [Theory, MemberData(nameof(Names))]
    public void Transform_is_lazy(string name)
    {
        (Subject subject, TestView fitted, ITransformer transformer) = Fitted(name);
        var view = new TestView([.. fitted.Columns, Extra("Extra")]);
        IDataView output = transformer.Transform(view);
        Assert.Empty(view.Reads);
        Rows.Of(output, "Extra");
        Assert.Equal(["Extra"], view.Reads.Keys);
        using (output.GetRowCursor([output.Schema[subject.Outputs[0]]]))
            Assert.Equal(["Extra"], view.Reads.Keys);
        Rows.Of(output, subject.Outputs);
        Assert.Equal(subject.Scored.Select(column => column.Name).Append("Extra").Order(), view.Reads.Keys.Order());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_column_that_was_not_asked_for_is_not_given(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        IDataView output = transformer.Transform(view);
        using DataViewRowCursor cursor = output.GetRowCursor([]);
        DataViewSchema.Column column = output.Schema[subject.Outputs[0]];
        Assert.False(cursor.IsColumnActive(column));
        var error = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<DateTime>(column));
        Assert.StartsWith($"Column '{column.Name}' was not asked for", error.Message);
    }

    [Theory, MemberData(nameof(Names))]
    public void Transform_is_repeatable_also_by_parallel_cursors(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        IDataView output = transformer.Transform(view);
        string[] rows = Rows.Of(output, subject.Outputs);
        Assert.True(rows.Distinct().Count() > 1, "all rows are alike: nothing is tested");
        Assert.Equal(rows, Rows.Of(output, subject.Outputs));
        Assert.Equal(rows, Rows.Of(transformer.Transform(view), subject.Outputs));
        if (subject.IsRowToRow)
            Assert.Equal(rows, Rows.OfParallel(output, 4, subject.Outputs));
        Assert.Equal(rows, Rows.Of(new MLContext().Data.Cache(output), subject.Outputs));
        Assert.Equal(rows.Length, output.Preview().RowView.Length);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_order_of_columns_and_extra_ones_do_not_matter(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        string[] expected = Rows.Of(transformer.Transform(view), subject.Outputs);
        var other = new TestView([Extra("A"), .. view.Columns.Reverse(), Extra("Z")]);
        Assert.Equal(expected, Rows.Of(transformer.Transform(other), subject.Outputs));
        Assert.Equal(expected, Rows.Of(subject.Make().Fit(other).Transform(other), subject.Outputs));
    }

    [Theory, MemberData(nameof(Names))]
    public void Columns_may_have_any_names(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        static string Rename(string part) => $"{part} \ud55c '2'";
        string[] outputs = subject.NamesItsOutputs ? [.. subject.Outputs.Select(Rename)] : subject.Outputs;
        var renamed = new TestView([.. view.Columns.Select(column => column.Renamed(Rename(column.Name)))]);
        ITransformer other = subject.Create(new MLContext(1), Rename).Fit(renamed);
        Assert.Equal(Rows.Of(transformer.Transform(view), subject.Outputs), Rows.Of(other.Transform(renamed), outputs));
    }

    [Theory, MemberData(nameof(Names))]
    public void An_output_may_take_its_inputs_name(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        if (!subject.NamesItsOutputs || !subject.IsRowToRow)
            return;
        string input = subject.Inputs[0].Name;
        ITransformer other = subject.Create(new MLContext(1), _ => input).Fit(view);
        Assert.Equal(Rows.Of(transformer.Transform(view), subject.Outputs), Rows.Of(other.Transform(view), input));
    }

    [Theory, MemberData(nameof(Names))]
    public void Sparse_and_dense_vectors_are_one(string name)
    {
        (Subject subject, TestView dense, ITransformer transformer) = Fitted(name);
        var sparse = new TestView([.. dense.Columns.Select(column => column.AsSparse())]);
        string[] expected = Rows.Of(transformer.Transform(dense), subject.Outputs);
        Assert.Equal(expected, Rows.Of(transformer.Transform(sparse), subject.Outputs));
        Assert.Equal(expected, Rows.Of(subject.Make().Fit(sparse).Transform(dense), subject.Outputs));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_view_without_rows_gives_one_without_rows(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        IDataView output = transformer.Transform(view.TakeNone());
        Assert.Empty(Rows.Of(output, subject.Outputs));
        Assert.Equal(transformer.Transform(view).Schema.Select(Rows.Describe), output.Schema.Select(Rows.Describe));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_saved_transformer_gives_the_same_when_loaded(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        using var file = new MemoryStream();
        new MLContext().Model.Save(transformer, view.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(Rows.Of(transformer.Transform(view), subject.Outputs), Rows.Of(loaded.Transform(view), subject.Outputs));
        Assert.Equal(transformer.GetOutputSchema(view.Schema).Select(Rows.Describe),
            loaded.GetOutputSchema(view.Schema).Select(Rows.Describe));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_damaged_model_is_refused_with_one_clear_error(string name)
    {
        (_, TestView view, ITransformer transformer) = Fitted(name);
        var file = new ModelFile(transformer, view.Schema);
        byte[] altered = [.. file.Payload];
        altered[ModelFile.HeaderLength + 1] ^= 4;
        foreach (byte[]? damaged in new[] { null, [], file.Payload[..30], file.Payload[..^1], altered, file.Resealed([]),
            file.Resealed(file.Body[..^1]), file.Resealed([.. file.Body, 0]) })
        {
            Exception root = Assert.ThrowsAny<Exception>(() => file.LoadWith(damaged)).GetBaseException();
            Assert.Contains($"'{file.Kind}'", Assert.IsType<InvalidDataException>(root).Message);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Lies_under_a_checksum_that_fits_do_no_harm(string name)
    {
        (_, TestView view, ITransformer transformer) = Fitted(name);
        var file = new ModelFile(transformer, view.Schema);
        for (int place = 0; place < Math.Min(file.Body.Length, 100); place += 4) // the highest byte of any number
            foreach (byte lie in new byte[] { 0x7f, 0xff })
            {
                byte[] body = file.Body;
                body.AsSpan(place, Math.Min(4, body.Length - place)).Fill(lie);
                if (Record.Exception(() => file.LoadWith(file.Resealed(body))) is Exception error)
                    Assert.IsType<InvalidDataException>(error.GetBaseException());
            }
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_columns_survive_the_binary_format(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        IDataView output = transformer.Transform(view);
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.Create(path))
                new MLContext().Data.SaveAsBinary(output, file);
            IDataView read = new MLContext().Data.LoadFromBinary(path);
            Assert.Equal(Rows.Of(output, subject.Outputs), Rows.Of(read, subject.Outputs));
            Assert.All(subject.Outputs, column => Assert.Equal(Rows.Describe(output.Schema[column]),
                Rows.Describe(read.Schema[column])));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Row_by_row_it_gives_the_same(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        Assert.Equal(subject.IsRowToRow, transformer.IsRowToRowMapper);
        if (!subject.IsRowToRow)
        {
            Assert.Throws<NotSupportedException>(() => transformer.GetRowToRowMapper(view.Schema));
            return;
        }
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(view.Schema);
        DataViewSchema.Column output = mapper.OutputSchema[subject.Outputs[0]];
        Assert.Equal(subject.Scored.Select(column => column.Name),
            mapper.GetDependencies([output]).Select(column => column.Name));
        Assert.Empty(mapper.GetDependencies([]));
        Assert.Equal(Rows.Of(transformer.Transform(view), subject.Outputs), Rows.OfMapped(view, mapper, subject.Outputs));
        var other = new TestView([Extra("A"), .. view.Columns]);
        using DataViewRowCursor cursor = other.GetRowCursor(other.Schema);
        Assert.Throws<ArgumentException>(() => mapper.GetRow(cursor, [output]));
    }

    /// <summary>A column that no estimator takes for anything.</summary>
    private static TestColumn Extra(string name) =>
        TestColumn.Of(name, DateTimeDataViewType.Instance, [.. Enumerable.Range(1, 5).Select(day => new DateTime(2000, 1, day))]);

    private static Subject Find(string name) => Subjects.All.Single(subject => subject.Name == name);

    private static (Subject Subject, TestView View, ITransformer Transformer) Fitted(string name)
    {
        Subject subject = Find(name);
        return (subject, subject.View(), s_fitted.GetOrAdd(name, _ => subject.Make().Fit(subject.View())));
    }

    private static IEnumerable<string> Shape(SchemaShape shape) => shape.OrderBy(column => column.Name, StringComparer.Ordinal)
        .Select(Shape);

    private static string Shape(SchemaShape.Column column) =>
        $"{column.Name}: {column.Kind} {column.ItemType} key={column.IsKey} " +
        $"({string.Join(", ", column.Annotations.OrderBy(a => a.Name, StringComparer.Ordinal).Select(Shape))})";
}
