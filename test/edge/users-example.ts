import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The edge function of the users' description, to the letter. */
const example = `\
import { createLogger, withMonitoring } from '../_shared/monitoring/logger.ts';

// 基本的な使用
export default withMonitoring('enhanced_two_tower_recommendations')(
  async (req: Request): Promise<Response> => {
    const logger = createLogger('enhanced_two_tower_recommendations');
    
    // ユーザーコンテキスト設定
    logger.setUserContext(userId);
    
    // MLオペレーション監視
    const recommendations = await logger.monitorMLOperation(
      'generate_recommendations',
      () => generateRecommendations(userId),
      'two_tower_768'
    );
    
    return new Response(JSON.stringify(recommendations));
  }
);
`;

/** What the example leaves out. */
const leftOut = `
const userId = 'user123';
async function generateRecommendations(user: string): Promise<string[]> {
  return [\`for \${user}\`];
}
`;

/** Every way to serve a handler, as Deno's own types want it. */
const ways = `
import { createHealthCheck, createLogger, withMonitoring } from "../_shared/monitoring/logger.ts";

const plain = withMonitoring("plain")(() => new Response("plain"));
const informed = withMonitoring("informed")(
  (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) =>
    new Response(request.url + info.remoteAddr.hostname),
);
const health = withMonitoring("health")(
  createHealthCheck("health", { a: async () => "healthy", b: async () => true }),
);
Deno.serve({ port: 0 }, plain);
Deno.serve({ port: 0 }, informed);
Deno.serve({ port: 0 }, health);
export const rows: number[] = await createLogger("x").monitorDatabaseOperation(
  "x",
  async () => [1],
);
export default { fetch: plain } satisfies Deno.ServeDefaultExport;
`;

const library = join(
	import.meta.dirname,
	"../../supabase/functions/_shared/monitoring",
);

/** A Supabase project in a new folder: the library copied into it, and the users' example as its function. */
export function exampleProject(): { folder: string; file: string } {
	const folder = mkdtempSync(join(tmpdir(), "edge-library-"));
	cpSync(library, join(folder, "_shared/monitoring"), { recursive: true });
	mkdirSync(join(folder, "recommendations"));
	const file = join(folder, "recommendations/index.ts");
	writeFileSync(file, example + leftOut);
	writeFileSync(join(folder, "recommendations/ways.ts"), ways);
	return { folder, file };
}
