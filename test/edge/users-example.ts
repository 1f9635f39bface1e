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
	return { folder, file };
}
