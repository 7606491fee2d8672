// Takes a task token. A real one would put it where somebody sees it; this one
// puts it into its log, for aws stepfunctions send-task-success.
const answer = (statusCode, body) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export const handler = async (event) => {
  const token = event.headers.TaskToken;
  if (!token) {
    return answer(400, { errors: [{ key: "TaskToken", message: "is a header that must be given" }] });
  }
  console.log(JSON.stringify({ token, order: JSON.parse(event.body || "{}") }));
  return answer(202, { message: "somebody will answer the task token" });
};
