// Starts `istmo fake-pac` on a free port and scripts it. Nothing but Node's own modules.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export class FakePac {
  constructor(process, baseUrl, token) {
    this.process = process;
    this.baseUrl = baseUrl;
    this.apiUrl = `${baseUrl}/pan/v1`;
    this.token = token;
  }

  // ISTMO_COMMAND names the command; without it `istmo` must be on the PATH.
  static async start(token = "node-token") {
    const command = process.env.ISTMO_COMMAND ?? "istmo";
    const child = spawn(command, ["fake-pac", "--port", "0", "--token", token], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, PYTHONUNBUFFERED: "1" },
    });
    const failed = once(child, "error").then(([error]) => {
      throw new Error(`${command} cannot be started (${error.code}): install Istmo or set ISTMO_COMMAND`);
    });
    const listening = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const address = line.match(/http:\/\/[^\s/]+:\d+/);
        if (address) return address[0];
      }
      throw new Error("the fake PAC ended before it listened");
    })();
    return new FakePac(child, await Promise.race([listening, failed]), token);
  }

  async stop() {
    this.process.kill("SIGTERM");
    await once(this.process, "exit");
  }

  async script(method, path, body) {
    const answer = await fetch(`${this.baseUrl}/_fake${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${told.error}`);
    return told;
  }

  reset() {
    return this.script("POST", "/reset", {});
  }

  documents() {
    return this.script("GET", "/documents");
  }

  fault(kind, rule = {}) {
    return this.script("POST", "/faults", { rules: [{ kind, ...rule }] });
  }

  advance(seconds) {
    return this.script("POST", "/clock/advance", { seconds });
  }
}
