def refusal(answer):
    """Returns status and code of a refused request, whose body holds one error and nothing else."""
    assert answer.json().keys() == {"errors"}
    (error,) = answer.json()["errors"]
    assert error["message"]
    assert error["extensions"].keys() == {"code", "requestId"}
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return answer.status_code, error["extensions"]["code"]
