namespace FlowRL.Hub;

/// <summary>What an answer that is none means, and what the user can do. Nothing of the server's own text is shown: it is a stranger's.</summary>
internal static class HubRefusal
{
    /// <param name="answer">With a status that is no success.</param>
    /// <param name="subject">What was asked for.</param>
    /// <param name="settings">Of whom, and as whom.</param>
    /// <param name="host">Who answered.</param>
    /// <param name="isHub">Whether that is the hub, and not a storage behind it.</param>
    public static Exception Of(HubAnswer answer, HubSubject subject, HubSettings settings, string host, bool isHub) => answer.Status switch
    {
        429 => new PassingException($"{host} is asked too often (429)") { After = answer.RetryAfter },
        408 or >= 500 => new PassingException($"{host} failed ({answer.Status})") { After = answer.RetryAfter },
        // A storage's address, signed for a while, has aged: the hub gives another.
        401 or 403 or 404 or 410 when !isHub => new PassingException($"{host} does not give the file ({answer.Status})"),
        416 => new PassingException($"{host} has no such part of the file (416)"),
        401 or 403 => new BadInputException(Forbidden(answer, subject, settings)),
        404 or 410 => new BadInputException(Missing(answer, subject, settings)),
        var status => new BadInputException($"{subject}: {host} answers {status}; check the name, the revision and HF_ENDPOINT."),
    };

    private static string Forbidden(HubAnswer answer, HubSubject subject, HubSettings settings)
    {
        var (id, word) = (subject.Repository.Id, subject.Repository.Word);
        var page = $"{settings.Endpoint}/{subject.Repository.Page}";
        var isGated = answer.ErrorCode == "GatedRepo";
        var tokens = $"{settings.Endpoint}/settings/tokens";
        if (settings.Token is null)
        {
            return isGated
                ? $"{id}: is gated, so that its terms have to be accepted: do so at {page}, then set HF_TOKEN to a token from {tokens}."
                : $"{id}: there is no such public {word} at {settings.Endpoint} ({answer.Status}). Check the name; where it is private or gated, accept its " +
                    $"terms at {page} and set HF_TOKEN to a token from {tokens}.";
        }
        return isGated
            ? $"{id}: is gated, and the user of the token in {settings.Token.Source} may not read it; accept its terms at {page}, and wait for the " +
                "approval where there is one."
            : answer.Status == 401 && answer.ErrorCode is null
                ? $"{id}: the token in {settings.Token.Source} is not accepted ({answer.Status}); set HF_TOKEN to one from {tokens}."
                : $"{id}: the token in {settings.Token.Source} may not read it ({answer.Status}). Check the name at {page}, and what the token allows " +
                    $"at {tokens}.";
    }

    private static string Missing(HubAnswer answer, HubSubject subject, HubSettings settings)
    {
        var (id, word) = (subject.Repository.Id, subject.Repository.Word);
        return answer.ErrorCode switch
        {
            "RevisionNotFound" => $"{id}: has no revision '{subject.Revision ?? HubName.MainBranch}'; give a branch, a tag or a commit, as " +
                $"{settings.Endpoint}/{subject.Repository.Page}/tree/main lists them.",
            "EntryNotFound" => $"{id}: has no file '{subject.File}' at {subject.Revision}; try again, for it was listed a moment ago.",
            _ => $"{id}: there is no such {word} at {settings.Endpoint} ({answer.Status}); check the name" +
                (subject.Repository.Kind == RepositoryKind.Model ? " (a data set is fetched with --dataset)" : "") +
                (settings.Token is null ? ", and set HF_TOKEN where it is private." : ", and whether the token may read it."),
        };
    }
}
