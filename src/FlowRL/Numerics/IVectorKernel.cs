namespace FlowRL.Numerics;

/// <summary>A piece of work over registers, for whichever width the machine has. What it finds stays in its fields.</summary>
internal interface IVectorKernel
{
    void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct;
}
