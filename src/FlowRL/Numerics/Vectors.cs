using System.Runtime.Intrinsics;

namespace FlowRL.Numerics;

/// <summary>Chooses the register width.</summary>
internal static class Vectors
{
    /// <summary>Lanes of the widest registers that the machine has and that divide <paramref name="count"/>; 0 if none does.</summary>
    public static int Lanes(int count)
    {
        if (Vector512.IsHardwareAccelerated && count % 16 == 0) return 16;
        if (Vector256.IsHardwareAccelerated && count % 8 == 0) return 8;
        return count % 4 == 0 ? 4 : 0;
    }

    /// <summary>Lanes of the widest registers that the machine has, for kernels that treat what is left over by themselves.</summary>
    public static int Widest => Lanes(0);

    /// <summary>Runs a kernel in registers of <paramref name="lanes"/> lanes, 16, 8 or 4, and returns it with its results.</summary>
    public static K Run<K>(K kernel, int lanes)
        where K : struct, IVectorKernel
    {
        if (lanes == 16) kernel.Run<Simd512, Vector512<float>>();
        else if (lanes == 8) kernel.Run<Simd256, Vector256<float>>();
        else kernel.Run<Simd128, Vector128<float>>();
        return kernel;
    }
}

/// <summary>A piece of work over registers, for whichever width the machine has. What it finds stays in its fields.</summary>
internal interface IVectorKernel
{
    void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct;
}
