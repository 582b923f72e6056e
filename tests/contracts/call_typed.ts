// List, get and create with nothing but the generated types and fetch. ROOT is what the document's paths begin with.
import type { paths } from "./schema";

declare const process: { argv: string[] };

type Body<P extends keyof paths, M extends "post" | "put"> = paths[P][M] extends {
  requestBody: { content: { "application/json": infer B } };
} ? B : never;
type Answer<P extends keyof paths, M extends "get" | "post" | "put", S extends number> = paths[P][M] extends {
  responses: { [status in S]: { content: { "application/json": infer A } } };
} ? A : never;

const [address, token] = process.argv.slice(2) as [string, string];

async function call<A>(method: string, path: string, status: number, body?: unknown): Promise<A> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(address + path, { method, headers, body: body ? JSON.stringify(body) : null });
  if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json() as A;
}

const organisation: Body<"ROOT/organisation", "put"> = { name: "Okapi kommune", currency: "NOK", language: "nb" };
await call<Answer<"ROOT/organisation", "put", 200>>("PUT", "ROOT/organisation", 200, organisation);

const wanted: Body<"ROOT/portfolios", "post"> = {
  name: "Digitisation", currency: "NOK", price_year: 2026, threshold_shared_resources: true,
  threshold_may_be_overruled: false,
};
const portfolio = await call<Answer<"ROOT/portfolios", "post", 201>>("POST", "ROOT/portfolios", 201, wanted);

const proposal: Pick<Body<"ROOT/projects", "post">, "portfolio_id" | "name"> = {
  portfolio_id: portfolio.id, name: "Digital post",
};
const project = await call<Answer<"ROOT/projects", "post", 201>>("POST", "ROOT/projects", 201, proposal);
const got = await call<Answer<"ROOT/projects/{project_id}", "get", 200>>("GET", `ROOT/projects/${project.id}`, 200);
const list = await call<Answer<"ROOT/projects", "get", 200>>("GET", "ROOT/projects?limit=10", 200);
const listed: string[] = list.items.map((item) => item.name);

console.log(JSON.stringify({ created: project.id, got: got.id, name: got.name, listed }));
