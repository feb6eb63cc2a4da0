#:project ../src/FlowRL/FlowRL.csproj
#:property PublishAot=false

// A loop of one's own around the training step.
//     dotnet run examples/loop.cs

using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Telemetry;
using FlowRL.Training;

var recipe = OptionsFile.Parse<TrainRecipe>("""
    task: countdown
    objective: flowrl
    rollout: {problems: 32, group_size: 8}
    training: {steps: 20, mini_batch: 256, optimizer: {learning_rate: 1.5e-4}}
    evaluation: {every: 0, validation_problems: 250, validation_samples: 4, test_problems: 0}
    """, "loop.cs", args);

// Tensors belong to one thread from their making to their end.
await TensorThread.RunAsync(recipe.Run.Threads, () =>
{
    using var parts = new RunParts(recipe);
    for (var step = 0; step < parts.Steps; step++)
    {
        if (step % 10 == 0) Say(parts, step);
        var metrics = parts.Trainer.Step(step, CancellationToken.None);
        Console.WriteLine($"step {step + 1}: {metrics[MetricNames.Accuracy]:P1} right, loss {metrics[MetricNames.Loss]:F3}");
    }
    Say(parts, parts.Steps);
    return 0;
});

static void Say(RunParts parts, int step) =>
    Console.WriteLine($"validation: {parts.Trainer.Validate(step, CancellationToken.None)[MetricNames.ValidationAccuracy]:P1} right");
