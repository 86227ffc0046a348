"""Logging in and out as tests send it."""

LOGIN = """mutation LogIn($input: LoginInput!) {
  login(input: $input) {
    __typename
    ... on LoginSuccess { sessionId workspaceId workspaceName budget { state limit remaining } }
    ... on OperationError { code message retry { kind after } upstream { httpStatus code } }
    ... on InvalidInputError { fields { path } }
    ... on OutcomeUnknownError { check }
  }
}"""
LOGOUT = """mutation LogOut {
  logout {
    __typename
    ... on LogoutSuccess { outcome }
    ... on OperationError { code message retry { kind } }
  }
}"""
LOGIN_CALL = "POST /login"
LOGOUT_CALL = "PUT /logout"


async def log_in(door, name, password="sandbox", **others):
    """The answer to a login of a demo user."""
    input = {"email": f"{name}@sandbox.test", "password": password, **others}
    return (await door.data(LOGIN, input=input))["login"]


async def log_out(door):
    """The answer to a logout."""
    return (await door.data(LOGOUT))["logout"]
