using FlowRL.Verifiers.Mathematics;
using FlowRL.Verifiers.Mathematics.Steps;

namespace FlowRL.Tests.Verifiers.Mathematics.Steps;

public sealed class WrittenSolutionTests
{
    private static readonly ExtractionOptions Places = new()
    {
        Places = [AnswerPlace.Boxed, AnswerPlace.Hashes, AnswerPlace.Phrase, AnswerPlace.LastNumber],
    };

    [Theory]
    [InlineData("3+4=7, so \\boxed{7}.", "7", "(3+4)")]
    [InlineData("3 + 4 = 7\n7 * 2 = 14\n\\boxed{14}", "14", "(3+4)*2")]
    [InlineData("12 = 3 * 4. The answer is 12.", "12", "3*4")]
    [InlineData("2(3+4) = 14, \\boxed{14}", "14", "(3+4)*2")]
    [InlineData("2-5=-3. 8 + (-3) = 5. \\boxed{5}", "5", "(-5+2+8)")]
    [InlineData("2^3 = 8, 8 + 1 = 9. \\boxed{9}", "9", "(1+2^3)")]
    [InlineData("7*3 = 21 \\boxed{21.0}", "21", "3*7")]
    public void The_final_number_is_what_the_steps_calculated(string response, string gold, string solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData("Natalia sold 48/2 = <<48/2=24>>24 clips in May.\nShe sold 48+24 = <<48+24=72>>72 clips altogether.\n#### 72", "72", "(1/2*48+48)")]
    [InlineData("half of 48 is <<48/2=24>>24. #### 24", "24", "1/2*48")]
    [InlineData("She has $1,200 × 2 = $2,400 and then $2,400 ÷ 3 = $800. The answer is 800.", "800", "1/3*1200*2")]
    [InlineData("12 apples + 5 apples = 17 apples, 17 apples per box * 3 boxes = 51 apples. \\boxed{51}", "51", "(12+5)*3")]
    [InlineData("60 km/h * 2 h = 120 km. \\boxed{120}", "120", "2*60")]
    [InlineData("5 cm * 3 cm = 15 cm^2, 15 cm^2 * 2 = 30 cm^2. \\boxed{30}", "30", "2*3*5")]
    [InlineData("$600/weekday * 5 weekdays = $3000. \\boxed{3000}", "3000", "5*600")]
    [InlineData("3x4 = 12, 3 x 12 = 36 \\boxed{36}", "36", "3*3*4")]
    [InlineData("5 times 3 = 15 \\boxed{15}", "15", "3*5")]
    [InlineData("20% of 50 = 10. \\boxed{10}", "10", "1/100*20*50")]
    [InlineData("He ate (3 + 4 = 7) apples. \\boxed{7}", "7", "(3+4)")]
    [InlineData("**Total:** 5 * 3 = **15** and **15** + 2 = **17**. \\boxed{17}", "17", "(2+3*5)")]
    [InlineData("- 3 * 4 = 12\n- 12 + 1 = 13\n\\boxed{13}", "13", "(1+3*4)")]
    [InlineData("1. 3 * 4 = 12\n2. 12 + 1 = 13\n\\boxed{13}", "13", "(1+3*4)")]
    [InlineData("3/4 * 2 = 1 1/2. 2 + 1 1/2 = 3 1/2. \\boxed{3.5}", "3.5", "(1/4*2*3+2)")]
    [InlineData("The day has 24 hours. 24 - 9 = 15. 15/5=3 \\boxed{3}", "3", "(-9+24)*1/5")]
    public void Steps_stand_in_prose_with_units_money_and_marks(string response, string gold, string solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData(@"\frac{3}{4} \times 8 = 6, 6 + 1 = 7. \boxed{7}", "7", "(1+1/4*3*8)")]
    [InlineData(@"12/60 = \frac{1}{5}. \frac{1}{5} \cdot 50 = 10 \boxed{10}", "10", "1/60*12*50")]
    [InlineData("12/60 = 1/5. 1/5 * 50 = 10 \\boxed{10}", "10", "1/60*12*50")]
    [InlineData("\\begin{align}\nx &= 3 + 4 \\\\\n&= 7 \\\\\n\\end{align}\n\\boxed{7}", "7", "(3+4)")]
    [InlineData(@"\text{Cost} = 3 \text{ boxes} \times \$4 = \$12. \boxed{12}", "12", "3*4")]
    [InlineData(@"\(\frac12 \cdot 8 = 4\) \boxed{4}", "4", "1*1/2*8")]
    [InlineData(@"\frac1{2} \cdot 8 = 4, \frac{4}2 + 1 = 3 \boxed{3}", "3", "(1+1*1/2*1/2*8)")]
    [InlineData(@"1\frac{1}{2} + 2\frac12 = 4, 4 \cdot 2 = 8 \boxed{8}", "8", "(1/2*3+1/2*5)*2")]
    [InlineData(@"\frac{\frac{12}{3}}{2} = 2. \boxed{2}", "2", "1/2*1/3*12")]
    [InlineData(@"\frac{8-0}{7-9} = \frac{8}{-2} = -4. \boxed{-4}", "-4", "(0+8)*1/(-9+7)")]
    public void Steps_may_be_typeset(string response, string gold, string solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData("Total = 3 * 4 = 12\nx = total + 5 = 17\n\\boxed{17}", "17", "(3*4+5)")]
    [InlineData("Let x = 3 * 4 = 12. Then x + 5 = 17. \\boxed{17}", "17", "(3*4+5)")]
    [InlineData("cost = 3 * 4\ntotal_cost = cost + 5\nThe answer is 17", "17", "(3*4+5)")]
    [InlineData("Let n = 6. Then 2n + 3 = 15. \\boxed{15}", "15", "(2*6+3)")]
    [InlineData("x1 = 3*4, x1 - 2 = 10 \\boxed{10}", "10", "(-2+3*4)")]
    public void Names_stand_for_what_they_were_said_to_be(string response, string gold, string solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData("48+24 = 40+32 = 72 \\boxed{72}", "72", "(24+48)")] // of a chain the first calculation
    [InlineData("3 + 4 = 7 - 2 = 5. \\boxed{5}", "5", "(-2+7)")] // 3 + 4 = 7 - 2 is false, 7 - 2 = 5 is true
    [InlineData("3 + 4 = 8. 8 * 2 = 16. \\boxed{16}", "16", "2*8")]
    [InlineData("x = 3 * 4 = 13, x + 1 = 13 \\boxed{13}", "13", null)] // what is false says nothing of a name
    [InlineData("10/3 = 3.33. \\boxed{3.33}", "3.33", null)] // rounded is not true
    public void False_steps_are_not_used(string response, string gold, string? solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData("10/2=5. 10-5=5. 5*3=15. \\boxed{15}", "15", "(-1/2*10+10)*3")] // the 5 that is tripled is the latest
    [InlineData("There are 5 boys. 8-3=5. 5*3=15. \\boxed{15}", "15", "(-3+8)*3")] // though the problem has a 5 of its own
    [InlineData("48+24=72. Check: 72-24=48. So 48+24=72. \\boxed{72}", "72", "(24+48)")] // what is written again is the same step
    [InlineData("10 - 5 = <<10-5=5>>5 left. 5 * 3 = <<5*3=15>>15.\n#### 15", "15", "(-5+10)*3")]
    [InlineData("2*5=10. 8-3=5. 2*5=10. \\boxed{10}", "10", "(-3+8)*2")] // written again, of another 5
    public void A_number_is_the_latest_step_before_that_gave_it(string response, string gold, string solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData("48+48/2", "72", "(1/2*48+48)")]
    [InlineData("7/2", "3.5", "1/2*7")]
    [InlineData("12/3", "4", "1/3*12")]
    [InlineData("5-2*2", "1", "(-2*2+5)")]
    [InlineData("7", "7", null)]
    [InlineData("3/4", "3/4", null)] // a number, as the right answer is written
    [InlineData("6/8", @"\frac{3}{4}", "1/8*6")]
    [InlineData("3/4", "0.75", "1/4*3")]
    public void A_final_answer_may_be_the_calculation_itself(string response, string gold, string? solution) =>
        Assert.Equal(solution, WrittenSolution.Of(response, response, gold));

    [Theory]
    [InlineData("5/50 = 0.1 = 10%. \\boxed{10\\%}", "10", "1/50*5")]
    [InlineData("7/20 x 100% = 35%. #### 35", "35", "1/100*1/20*100*7")]
    [InlineData("5/50*100 = 10%. \\boxed{10\\%}", "10", "1/50*100*5")]
    public void A_percentage_may_be_meant_as_its_number(string response, string gold, string solution) => Assert.Equal(solution, Of(response, gold));

    [Theory]
    [InlineData("\\boxed{7}", "7")]
    [InlineData("He has 3 and 4, so \\boxed{7}", "7")]
    [InlineData("3 * 4 = 12 and \\boxed{x}", "x")]
    [InlineData("3 * 4 = 12, \\boxed{3, 12}", "3, 12")]
    [InlineData("3 * 4 = 12, \\boxed{(3, 12)}", "(3, 12)")]
    [InlineData("\\sqrt{144} = 12. \\boxed{12}", "12")]
    [InlineData("2x + 3 = 5, so \\boxed{5}", "5")]
    [InlineData("3 * 4 = 12, \\boxed{2\\sqrt{36}}", "2\\sqrt{36}")]
    [InlineData("5! = 120. \\boxed{120}", "120")]
    [InlineData(@"\boxed{6\frac15}", @"6\frac15")]
    [InlineData(@"x = \frac{1}{3}, so \boxed{\frac{1}{3}}", @"\frac{1}{3}")]
    [InlineData(@"x = y = \frac{1}{3} = \frac{1}{3}, so \boxed{\frac{1}{3}}", @"\frac{1}{3}")]
    [InlineData(@"\frac{1}{2} = 0.5, so \boxed{\frac{1}{2}}", @"\frac{1}{2}")]
    [InlineData("3 + 0 = 3, so \\boxed{3s^2}", "3s^2")]
    [InlineData("3 + 0 = 3, so \\boxed{3 x}", "3 x")]
    [InlineData("5m + 3m = 8m, so \\boxed{8}", "8")] // 5m is a product
    [InlineData("", "7")]
    public void Without_a_step_or_a_number_there_is_none(string response, string gold) => Assert.Null(Of(response, gold));

    [Fact]
    public void Steps_that_double_without_end_are_no_solution()
    {
        var response = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{1L << i} + {1L << i} = {1L << (i + 1)}"));
        Assert.Null(Of($"{response}\n\\boxed{{{1L << 40}}}", $"{1L << 40}"));
        Assert.Equal("(1+1+1+1+1+1+1+1)", Of($"{response}\n\\boxed{{8}}", "8"));
    }

    private static string? Of(string response, string gold) => WrittenSolution.Of(response, FinalAnswer.Extract(response, Places) ?? "", gold);
}
