/** The real server, started on a free port over a data folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = process.env["MOULIN"] ?? join(import.meta.dirname, "../../target/debug/moulin");
const START_MS = 30_000;

export class Server {
  #process: ChildProcess | null = null;
  address = "";

  private constructor(
    readonly folder: string,
    readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(mkdtempSync(join(tmpdir(), "moulin-e2e-")), settings);
    await server.launch("127.0.0.1:0");
    return server;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the program; again, after a kill, on the same port. */
  async launch(listen: string): Promise<void> {
    const child = spawn(program, ["serve", "--data", this.folder, "--listen", listen], {
      stdio: ["ignore", "pipe", process.env["MOULIN_E2E_LOG"] ? "inherit" : "ignore"],
      env: { ...process.env, ...this.settings },
    });
    this.#process = child;
    const line = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the server did not say that it listens")), START_MS);
      createInterface({ input: child.stdout }).once("line", (text) => {
        clearTimeout(timer);
        resolve(text);
      });
      child.once("exit", (code) => reject(new Error(`the server has ended (${code})`)));
    });
    this.address = line.replace(/^listening on /, "");
  }

  /** Pulls the plug: `kill -9`. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Starts again where it was. */
  async restart(): Promise<void> {
    await this.launch(new URL(this.address).host);
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }
}
