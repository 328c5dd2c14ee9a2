namespace SequenceModels.Kernels;

/// <summary>
/// One row times panels, cut into strips of which a row tile takes several. Narrow registers take them side by side within a
/// panel, so that weights are read in the order in which they stand; wide ones, whose strip is a whole panel, one of each panel.
/// </summary>
internal readonly unsafe struct RowOfPanels : IKernel<RowOfPanels.Arguments>
{
    /// <summary>Panels that a row tile takes a strip of each of.</summary>
    private const int Together = 4;

    /// <summary>
    /// K from which a panel of three strips is taken by itself. Three have fewer sums at work at a time: where K is small, one
    /// strip of each of four panels was measured to be faster.
    /// </summary>
    private const int ThreeStripsInner = 128;

    /// <summary>
    /// C = start + a * B for one row a and panels of the same width; the same bits as <see cref="MatMul.Panel"/> gives.
    /// </summary>
    /// <param name="panels">P.</param>
    /// <param name="inner">K.</param>
    /// <param name="a">[K].</param>
    /// <param name="b">[P][K, width]: panels that follow each other.</param>
    /// <param name="width">Columns of each panel, a multiple of 16, at most 64.</param>
    /// <param name="start">[P][width] what the sums begin with, <paramref name="startPanel"/> floats apart.</param>
    /// <param name="startPanel">Floats from one to the next.</param>
    /// <param name="c">[P][width], <paramref name="cPanel"/> floats apart; may be where <paramref name="start"/> is.</param>
    /// <param name="cPanel">Floats from one to the next.</param>
    public static void Multiply(int panels, int inner, float* a, float* b, int width, float* start, nint startPanel, float* c,
        nint cPanel) =>
        Simd.Run<RowOfPanels, Arguments>(new Arguments(panels, width, new RowTileArguments
        {
            A = a,
            Inner = inner,
            B = b,
            BStep = width,
            BStrip = (nint)inner * width,
            Start = start,
            StartStrip = startPanel,
            C = c,
            CStrip = cPanel,
        }));

    public static void Run<V>(in Arguments arguments) where V : struct, IVector<V>
    {
        int strip = V.TileColumns * V.Count, panel = 0, panels = arguments.Panels, width = arguments.Width;
        bool four = width % (4 * strip) == 0, three = width % (3 * strip) == 0;
        if (!four && !(three && arguments.First.Inner >= ThreeStripsInner))
            for (; panel + Together <= panels; panel += Together)
                OneOfEach<V>(At(arguments, panel, 0), width);
        for (; panel < panels; panel++)
            if (four)
                SideBySide<V, N4>(arguments, panel, strip);
            else if (three)
                SideBySide<V, N3>(arguments, panel, strip);
            else
                Alone(At(arguments, panel, 0), width);
    }

    private static void SideBySide<V, TStrips>(in Arguments arguments, int panel, int strip)
        where V : struct, IVector<V>
        where TStrips : struct, INumber
    {
        for (int column = 0; column < arguments.Width; column += TStrips.Value * strip)
        {
            RowTileArguments t = At(arguments, panel, column);
            t.BStrip = t.StartStrip = t.CStrip = strip;
            Run<V, TStrips>(V.TileColumns, t);
        }
    }

    private static void OneOfEach<V>(in RowTileArguments panels, int width) where V : struct, IVector<V>
    {
        RowTileArguments t = panels;
        for (int column = 0, vectors; column < width; column += vectors * V.Count)
        {
            vectors = Math.Min(V.TileColumns, (width - column) / V.Count);
            t.B = panels.B + column;
            t.Start = panels.Start + column;
            t.C = panels.C + column;
            Run<V, N4>(vectors, t);
        }
    }

    private static void Alone(in RowTileArguments t, int width) =>
        MatMul.Panel(1, (int)t.Inner, Operand.Rows(t.A, t.Inner), t.B, width, width, Start.Same(t.Start), t.C, width);

    private static RowTileArguments At(in Arguments arguments, int panel, int column)
    {
        RowTileArguments t = arguments.First;
        t.B += panel * t.BStrip + column;
        t.Start += panel * t.StartStrip + column;
        t.C += panel * t.CStrip + column;
        return t;
    }

    private static void Run<V, TStrips>(int vectors, in RowTileArguments t)
        where V : struct, IVector<V>
        where TStrips : struct, INumber
    {
        if (vectors == 4)
            RowTile<V, N4, TStrips>.Run(t);
        else if (vectors == 3)
            RowTile<V, N3, TStrips>.Run(t);
        else if (vectors == 2)
            RowTile<V, N2, TStrips>.Run(t);
        else
            RowTile<V, N1, TStrips>.Run(t);
    }

    /// <param name="Panels">How many.</param>
    /// <param name="Width">Columns of each.</param>
    /// <param name="First">Its strips are whole panels.</param>
    internal readonly record struct Arguments(int Panels, int Width, RowTileArguments First);
}
