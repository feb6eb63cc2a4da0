namespace FlowRL.Numerics;

/// <summary>What is done to one row or head between matrix products.</summary>
internal static unsafe class RowKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>The largest of at least one number; NaN or infinite if that is the largest.</summary>
    public static float Largest(float* source, int count)
    {
        var (largest, i) = (source[0], 0);
        if (count >= S.Lanes)
        {
            var maxima = S.Load(source);
            for (i = S.Lanes; i + S.Lanes <= count; i += S.Lanes) maxima = S.Max(maxima, S.Load(source + i));
            largest = S.Largest(maxima);
        }
        for (; i < count; i++) largest = MathF.Max(largest, source[i]);
        return largest;
    }

    /// <summary>
    /// r · x · weight with r = 1 / √(mean(x²) + ε) (arXiv 1910.07467), and returns r; source and target may be the same. The mean is over
    /// <paramref name="count"/> numbers where zeros lie among the <paramref name="width"/>.
    /// </summary>
    public static float Normalize(float* source, float* weight, float epsilon, int width, float* target, int? count = null)
    {
        V sum = S.Broadcast(0), other = sum;
        var i = 0;
        for (; i + 2 * S.Lanes <= width; i += 2 * S.Lanes)
        {
            V x = S.Load(source + i), y = S.Load(source + i + S.Lanes);
            sum = S.MultiplyAdd(x, x, sum);
            other = S.MultiplyAdd(y, y, other);
        }
        var squares = S.Sum(S.Add(sum, other));
        for (; i < width; i++) squares += source[i] * source[i];
        var inverse = 1 / MathF.Sqrt(squares / (count ?? width) + epsilon);
        var factor = S.Broadcast(inverse);
        for (i = 0; i + S.Lanes <= width; i += S.Lanes) S.Store(target + i, S.Multiply(S.Multiply(S.Load(source + i), factor), S.Load(weight + i)));
        for (; i < width; i++) target[i] = source[i] * inverse * weight[i];
        return inverse;
    }

    /// <summary>target += factor · source, of whole registers: zeros behind the row stay zeros.</summary>
    public static void AddScaled(float* source, float factor, int width, float* target)
    {
        var f = S.Broadcast(factor);
        for (var i = 0; i < width; i += S.Lanes) S.Store(target + i, S.MultiplyAdd(S.Load(source + i), f, S.Load(target + i)));
    }

    /// <summary>Numbers become scale · number in place, of whole registers.</summary>
    public static void Scale(float* numbers, int count, float scale)
    {
        var factor = S.Broadcast(scale);
        for (var i = 0; i < count; i += S.Lanes) S.Store(numbers + i, S.Multiply(S.Load(numbers + i), factor));
    }

    /// <summary>Numbers become cap · tanh(scale · number / cap) in place, of whole registers: what is past the end is written over.</summary>
    public static void Cap(float* numbers, int count, float scale, float cap)
    {
        V factor = S.Broadcast(scale / cap), height = S.Broadcast(cap);
        for (var i = 0; i < count; i += S.Lanes)
        {
            S.Store(numbers + i, S.Multiply(height, HyperbolicTangent.Of<S, V>(S.Multiply(S.Load(numbers + i), factor))));
        }
    }

    /// <summary>
    /// Turns the pairs (i, i + width/2) of a head by the angles whose cosines and sines are given, or backwards where the sign is −1;
    /// source and target may be the same.
    /// </summary>
    public static void Rotate(float* source, float* target, float* cos, float* sin, int width, float sign)
    {
        var half = width / 2;
        var direction = S.Broadcast(sign);
        var i = 0;
        for (; i + S.Lanes <= half; i += S.Lanes)
        {
            V a = S.Load(source + i), b = S.Load(source + half + i), c = S.Load(cos + i), s = S.Multiply(direction, S.Load(sin + i));
            S.Store(target + i, S.Subtract(S.Multiply(a, c), S.Multiply(b, s)));
            S.Store(target + half + i, S.MultiplyAdd(b, c, S.Multiply(a, s)));
        }
        for (; i < half; i++)
        {
            float a = source[i], b = source[half + i], c = cos[i], s = sign * sin[i];
            target[i] = a * c - b * s;
            target[half + i] = float.MultiplyAddEstimate(b, c, a * s);
        }
    }
}
