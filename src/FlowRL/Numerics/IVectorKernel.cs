namespace FlowRL.Numerics;

/// <summary>A piece of work over registers, for whichever width the machine has.</summary>
internal interface IVectorKernel
{
    void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct;
}
