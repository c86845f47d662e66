/** The function app: every file that registers functions. Importing it does no I/O and never throws (platform A-12). */
import './startUp.ts';
import './syncJobs.ts';
import './jobSlices.ts';
import './changeNotifications.ts';
import './webhookSubscriptions.ts';
import './housekeeping.ts';
import './dashboard.ts';
import './keyCheck.ts';
import './signInCheck.ts';
import './api/index.ts';
