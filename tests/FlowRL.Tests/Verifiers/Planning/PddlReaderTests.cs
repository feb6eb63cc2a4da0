using System.Text.RegularExpressions;
using CsCheck;
using FlowRL.Verifiers.Planning;

namespace FlowRL.Tests.Verifiers.Planning;

public sealed class PddlReaderTests
{
    private const string Domain = """
        ; a lamp
        (define (domain lamp)
          (:requirements :strips :typing :negative-preconditions)
          (:types lamp thing - object bulb - thing)
          (:constants hall - lamp)
          (:predicates (lit ?l - lamp) (in ?b - bulb ?l - lamp))
          (:action switch :parameters (?l - lamp ?b - bulb)
            :precondition (and (in ?b ?l) (not (lit ?l)))
            :effect (lit ?l)))
        """;

    private const string Problem = """
        (define (problem dark) (:domain lamp)
          (:objects b - bulb t - thing)
          (:init (in b hall))
          (:goal (and (lit hall) (in b hall))))
        """;

    [Theory]
    [InlineData("(SWITCH hall b)", true, "")]
    [InlineData("", false, "at the end (lit hall) does not hold")]
    [InlineData("(switch hall b)(switch hall b)", false, "step 2, (switch hall b): (not (lit hall)) does not hold")]
    [InlineData("(switch hall t)", false, "step 1, (switch hall t): 't' is no bulb")]
    [InlineData("(switch b hall)", false, "step 1, (switch b hall): 'b' is no lamp")]
    [InlineData("(switch hall)", false, "step 1, (switch hall): it takes 2 arguments")]
    [InlineData("(switch hall c)", false, "step 1, (switch hall c): there is no 'c'")]
    [InlineData("(break hall)", false, "step 1, (break hall): there is no such action")]
    public void Plans_are_checked_step_by_step(string plan, bool isValid, string reason)
    {
        var problem = PddlReader.Problem("p.pddl", Problem, PddlReader.Domain("d.pddl", Domain));

        var verdict = PlanValidator.Validate(problem, FlowRL.Tasks.Planning.PlanText.Read(plan));

        Assert.Equal((isValid, reason), (verdict.IsValid, verdict.Reason));
    }

    [Theory]
    [InlineData("(define (domain lamp)", "d.pddl:1: this '(' is never closed.")]
    [InlineData("(define (domain lamp)))", "d.pddl:1: something after the last bracket.")]
    [InlineData("", "d.pddl:1: nothing but blank lines and comments.")]
    [InlineData("(define (problem lamp))", "d.pddl:1: not a PDDL domain, which begins (define (domain NAME).")]
    [InlineData("(define (domain lamp)\n(:requirements :fluents))", "d.pddl:2: ':fluents' is not understood; domains may need :strips, :typing, :negative-preconditions.")]
    [InlineData("(define (domain lamp)\n(:functions (total)))", "d.pddl:2: ':functions' is not understood in a domain.")]
    [InlineData("(define (domain lamp))", "d.pddl: the domain has no action.")]
    [InlineData("(define (domain lamp) (:predicates (lit))\n(:action go :parameters ()\n:effect (dark)))", "d.pddl:3: there is no predicate 'dark'.")]
    [InlineData("(define (domain lamp) (:predicates (lit ?x))\n(:action go :parameters ()\n:effect (lit)))", "d.pddl:3: 'lit' takes 1 arguments, not 0.")]
    [InlineData("(define (domain lamp) (:predicates (lit ?x))\n(:action go :parameters ()\n:effect (lit ?y)))", "d.pddl:3: there is no '?y'.")]
    [InlineData("(define (domain lamp) (:predicates (lit))\n(:action go :precondition (or (lit) (lit))\n:effect (lit)))", "d.pddl:2: 'or' is not understood; conditions are facts, 'and' and 'not'.")]
    [InlineData("(define (domain lamp) (:predicates (lit)\n(lit)))", "d.pddl:2: there are two predicates 'lit'.")]
    [InlineData("(define (domain lamp) (:constants a\na))", "d.pddl:2: there are two constants 'a'.")]
    [InlineData("(define (domain lamp) (:predicates (lit))\n(:action go :effect (lit))\n(:action go :effect (lit)))", "d.pddl:3: there are two actions 'go'.")]
    [InlineData("(define (domain lamp) (:predicates (lit))\n(:action go :parameters (?a\n?a) :effect (lit)))", "d.pddl:3: there are two names '?a'.")]
    [InlineData("(define (domain lamp)\nodd)", "d.pddl:2: 'odd' is not understood in a domain.")]
    public void What_is_wrong_with_a_domain_is_said_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => PddlReader.Domain("d.pddl", text)).Message);

    /// <summary>Words and brackets left out, said twice or exchanged: what comes is a domain and a problem, or a sentence.</summary>
    [Fact]
    public void Damage_is_a_sentence_wherever_it_is() => Gen.Select(Gen.Bool, Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 2]).Sample((isDomain, at, from, how) =>
    {
        try
        {
            _ = PddlReader.Problem("p.pddl", isDomain ? Problem : Damaged(Problem), PddlReader.Domain("d.pddl", isDomain ? Damaged(Domain) : Domain));
        }
        catch (BadInputException sentence)
        {
            Assert.Matches(@"^[dp]\.pddl(:\d+)?: .+\.$", sentence.Message);
        }

        string Damaged(string text)
        {
            var words = Regex.Matches(text, @"[()]|[^\s()]+|\s+").Select(match => match.Value).ToList();
            var (here, there) = (at % words.Count, from % words.Count);
            if (how == 0) words.RemoveAt(here);
            else if (how == 1) words.Insert(here, words[there]);
            else (words[here], words[there]) = (words[there], words[here]);
            return string.Concat(words);
        }
    }, iter: 5000);

    [Theory]
    [InlineData("(:domain lamp)", "(:domain bulb)", "p.pddl:1: the problem is of another domain than 'lamp'.")]
    [InlineData("(in b hall))\n", "(in b hill))\n", "p.pddl:3: there is no 'hill'.")]
    [InlineData("t - thing", "b - thing", "p.pddl:2: 'b' is a bulb and a thing.")]
    [InlineData("t - thing", "t - tool", "p.pddl:2: there is no type 'tool'.")]
    [InlineData("(:init", "(:start", "p.pddl:3: ':start' is not understood in a problem.")]
    public void What_is_wrong_with_a_problem_is_said_with_its_line(string right, string wrong, string message)
    {
        var text = Problem.ReplaceLineEndings("\n").Replace(right, wrong, StringComparison.Ordinal);

        Assert.Equal(message, Assert.Throws<BadInputException>(() => PddlReader.Problem("p.pddl", text, PddlReader.Domain("d.pddl", Domain))).Message);
    }

    [Fact]
    public void Depth_is_bounded() => Assert.Equal("d.pddl:1: brackets over 64 deep.",
        Assert.Throws<BadInputException>(() => PddlReader.Domain("d.pddl", new string('(', 1_000_000))).Message);
}
