import { withMonitoring } from "../../../supabase/functions/_shared/monitoring/logger.ts";

export default {
	fetch: withMonitoring("declared")(() => new Response("declared")),
};
