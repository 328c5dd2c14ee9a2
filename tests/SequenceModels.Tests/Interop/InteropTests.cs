using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Interop;
using Xunit;

namespace SequenceModels.Tests.Interop;

public class InteropTests
{
    [Fact]
    public void Every_catalog_that_we_extend_leads_to_its_environment()
    {
        var ml = new MLContext(5);
        object[] catalogs =
        [
            ml, ml.Transforms, ml.Transforms.Text, ml.Transforms.Categorical, ml.BinaryClassification.Trainers,
            ml.MulticlassClassification.Trainers, ml.Regression.Trainers, ml.BinaryClassification, ml.Forecasting,
        ];
        Assert.All(catalogs, catalog => Assert.Equal(5, Environments.Of(catalog).Register("test").Seed()));
    }

    [Fact]
    public void Something_else_is_no_catalog()
    {
        Assert.Contains("System.String", Assert.Throws<ArgumentException>(() => Environments.Of("text")).Message);
        Assert.Throws<ArgumentNullException>(() => Environments.Of(null!));
    }

    [Fact]
    public void A_cancelled_context_tells_its_hosts()
    {
        var ml = new MLContext();
        IHost host = ((IHostEnvironment)ml).Register("test");
        Assert.False(host.IsCanceled());
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(ml, null);
        Assert.True(host.IsCanceled());
    }

    [Fact]
    public void A_context_without_a_seed_has_none() => Assert.Null(((IHostEnvironment)new MLContext()).Register("test").Seed());

    [Fact]
    public void A_missing_member_is_named()
    {
        var error = Assert.Throws<NotSupportedException>(() => MlNetMembers.Method(typeof(ModelSaveContext), "Teleport"));
        Assert.Contains("has no 'Microsoft.ML.ModelSaveContext.Teleport'", error.Message);
        Assert.Contains("Microsoft.ML.Nowhere", Assert.Throws<NotSupportedException>(() => MlNetMembers.Type(MlNetMembers.Core,
            "Microsoft.ML.Nowhere")).Message);
        Assert.Throws<NotSupportedException>(() => MlNetMembers.Property(typeof(MLContext), "Nothing"));
        Assert.Throws<NotSupportedException>(() => MlNetMembers.Constructor(typeof(ModelSaveContext), typeof(Guid)));
    }

    [Theory]
    [InlineData(typeof(RowTransformer))]
    [InlineData(typeof(AudioClip))]
    public void The_loaders_can_be_registered_where_their_attributes_stay_hidden(Type type)
    {
        Assembly own = type.Assembly;
        var standIn = new LoaderRegistration.StandIn(own);
        Type loadable = MlNetMembers.Type(MlNetMembers.Core, "Microsoft.ML.LoadableClassAttributeBase");
        string[] visible = [.. own.GetCustomAttributes(loadable).Select(Describe)];
        Assert.Equal(visible, standIn.GetCustomAttributes(loadable, false).Select(Describe));

        // One loader for each transformer that can be saved; those of an engine alone are in no model.
        int transformers = own.GetTypes().Count(type => type.IsAssignableTo(typeof(ITransformer)) && type.IsPublic &&
            !type.IsAbstract);
        Assert.Equal(transformers, visible.Distinct().Count());

        ComponentCatalog catalog = new MLContext().ComponentCatalog;
        catalog.RegisterAssembly(standIn);
        // The names are taken: they were registered.
        Assert.Throws<InvalidOperationException>(() => catalog.RegisterAssembly(own));
    }

    private static string Describe(object attribute) => string.Join("; ", attribute.GetType().GetProperties()
        .Where(property => property.Name != nameof(Attribute.TypeId))
        .Select(property => property.GetValue(attribute) is string[] names ? string.Join(",", names)
            : $"{property.GetValue(attribute)}"));
}
