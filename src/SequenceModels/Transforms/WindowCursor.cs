using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Kernels;

namespace SequenceModels.Transforms;

/// <summary>
/// Reads steps until one completes a window with its future. Each series has a ring of the last steps' numbers, and one of the
/// other columns' values back to the last step of the window.
/// </summary>
internal sealed class WindowCursor : NumberedCursor
{
    private readonly WindowedDataView _view;
    private readonly DataViewRowCursor _input;
    private readonly SeriesReader _series;
    private readonly NumbersReader? _numbers;
    private readonly Dictionary<int, ColumnBuffer> _others;
    private readonly List<Ring> _rings = [];

    /// <summary>Numbers and slots of the series whose window was completed last.</summary>
    private Ring? _present;

    private int _slots;
    private long _position = -1;
    private bool _isDisposed;

    public WindowCursor(WindowedDataView view, HashSet<int> active) : base(view.Schema, active)
    {
        _view = view;
        int others = view.Input.Schema.Count;
        bool numbers = active.Any(index => index >= others);
        _input = view.Input.GetRowCursor(view.Input.Schema.Where(column =>
            active.Contains(column.Index) || column.Index == view.Series?.Index ||
            (numbers && view.Numbers.Any(number => number.Index == column.Index))));
        _series = SeriesReader.Of(_input, view.Series);
        _numbers = numbers ? new NumbersReader(_input, view.Numbers) : null;
        _others = active.Where(index => index < others).ToDictionary(index => index,
            index => ColumnBuffer.Of(_input, view.Input.Schema[index]));
    }

    public override long Position => _position;

    public override bool MoveNext()
    {
        while (_input.MoveNext())
        {
            int number = _series.Read();
            if (number == _rings.Count)
                _rings.Add(new Ring(_view.Size, _numbers is null ? 0 : _view.NumbersOfStep));
            Ring ring = _rings[number];
            _numbers?.Read(ring.NextNumbers());
            ref int slot = ref ring.NextSlot();
            if (slot < 0)
                slot = _slots++;
            foreach (ColumnBuffer other in _others.Values)
                other.Read(slot);
            if (!ring.Advance())
                continue;
            _present = ring;
            _position++;
            return true;
        }
        _view.WarnOfShort(_series.Names, [.. _rings.Select(ring => ring.Count)]);
        _present = null;
        _position = -1;
        return false;
    }

    protected override Delegate? MakeGetter<TValue>(DataViewSchema.Column column) =>
        (column.Index - _view.Input.Schema.Count) switch
        {
            0 => Numbers(0, _view.Size.Steps),
            1 => (ValueGetter<float>)((ref float value) =>
                value = Present.NumbersAt(_view.Size.Steps + _view.Size.Horizon - 1)[0]),
            2 => Numbers(_view.Size.Steps, _view.Size.Horizon),
            _ => _others[column.Index] is ColumnBuffer<TValue> buffer
                ? (ValueGetter<TValue>)((ref TValue value) => buffer.Get(Present.LastSlot, ref value)) : null,
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
            _input.Dispose();
        _isDisposed = true;
        base.Dispose(disposing);
    }

    private Ring Present => _present ?? throw new InvalidOperationException("The cursor stands on no row.");

    private ValueGetter<VBuffer<float>> Numbers(int first, int steps) => (ref VBuffer<float> value) =>
    {
        int size = _view.NumbersOfStep;
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, ArrayLength.Of(steps, size));
        for (int t = 0; t < steps; t++)
            Present.NumbersAt(first + t).CopyTo(editor.Values[(t * size)..]);
        value = editor.Commit();
    };

    /// <summary>
    /// The last steps of one series. Takes memory for those that came; what they are a part of may never be complete.
    /// </summary>
    private sealed class Ring(WindowSize size, int numbers)
    {
        /// <summary>[steps, F]; a ring once it has them all, and so the slots.</summary>
        private float[] _numbers = [];
        private int[] _slots = [];
        private long _count;

        /// <summary>How many steps it was given.</summary>
        public long Count => _count;

        private long Steps => (long)size.Steps + size.Horizon;

        private long Slots => size.Horizon + 1L;

        /// <summary>The slot of the other columns' values at the window's last step.</summary>
        public int LastSlot => _slots[(_count - 1 - size.Horizon) % Slots];

        /// <summary>[F] of a step: 0 is the window's first, and its future follows it.</summary>
        public ReadOnlySpan<float> NumbersAt(int step) => _numbers.AsSpan((int)((_count + step) % Steps) * numbers, numbers);

        /// <summary>[F] to be filled, in place of the oldest.</summary>
        public Span<float> NextNumbers()
        {
            int place = (int)(_count % Steps) * numbers;
            if (_numbers.Length < place + numbers)
                Array.Resize(ref _numbers, ArrayLength.Of(Math.Min(Steps, Math.Max(4, 2 * _count)), numbers));
            return _numbers.AsSpan(place, numbers);
        }

        /// <summary>-1: none was there.</summary>
        public ref int NextSlot()
        {
            int place = (int)(_count % Slots), had = _slots.Length;
            if (had <= place)
            {
                Array.Resize(ref _slots, ArrayLength.Of(Math.Min(Slots, Math.Max(4, 2 * _count))));
                _slots.AsSpan(had).Fill(-1);
            }
            return ref _slots[place];
        }

        /// <summary>Takes the filled step in; tells whether it completes a window.</summary>
        public bool Advance() => ++_count >= Steps && (_count - Steps) % size.Stride == 0;
    }
}
