// Arena over undici, for the servers that bring no REST client of their own. One set of loaders per request.
import DataLoader from "dataloader";
import { Pool } from "undici";

const { origin, pathname } = new URL(process.env.ARENA_URL);
const pool = new Pool(origin, { connections: 256 }); // as many as Stepgraph has

export class NotFound {
  constructor(message) {
    this.message = message;
  }
}

export class Arena {
  constructor(sessionId) {
    this.headers = { arena_session_id: sessionId };
    this.ticketLoader = new DataLoader((guids) => Promise.all(guids.map((guid) => this.get(`/tickets/${guid}`))));
    this.stepLoader = new DataLoader((guids) =>
      Promise.all(guids.map(async (guid) => (await this.get(`/qualityprocesses/${guid}/steps`)).results)),
    );
  }

  async send(options) {
    const { statusCode, body } = await pool.request({ ...options, path: pathname + options.path });
    const answer = await body.json();
    if (statusCode < 300) return answer;
    if (statusCode === 404) return new NotFound(answer.errors[0].message);
    throw new Error(`Arena answered ${statusCode}`);
  }

  get(path) {
    return this.send({ method: "GET", path, headers: this.headers });
  }

  async qualityProcesses(first) {
    return (await this.get(`/qualityprocesses?limit=${first}&offset=0`)).results;
  }

  steps(processGuid) {
    return this.stepLoader.load(processGuid);
  }

  async tickets(first) {
    return (await this.get(`/tickets?limit=${first}&offset=0`)).results;
  }

  ticket(guid) {
    return this.ticketLoader.load(guid);
  }

  completeStep({ qualityProcessGuid, stepGuid, comment }) {
    return this.send({
      method: "POST",
      path: "/qualityprocesses/statuschanges",
      headers: { ...this.headers, "content-type": "application/json" },
      body: JSON.stringify({
        qualityProcess: { guid: qualityProcessGuid, step: { guid: stepGuid } },
        complete: true,
        comment,
      }),
    });
  }
}
