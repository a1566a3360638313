// The pricing tick as one writes it in C: the columns, results and policy handling of ScalarPricingKernel, with libm's
// expf and logf. Built with gcc -O3 -march=native -ffast-math it is what the product's kernel is measured against.
#include <math.h>

typedef struct {
    const float *capacity, *demand, *margin_firm, *margin_spot, *correction, *accepted;
    const float *wall, *elasticity, *beta, *kappa;
    const float *log_floor, *log_ceiling, *least_target, *step_limit, *batch_headroom;
    const int *floor_steps, *ceiling_steps;
    float *interest, *log_rate;
    float *firm, *total, *rate, *target;
    int *rate_steps;
} columns;

void tick(const columns *c, long count) {
    const float *restrict capacity = c->capacity, *restrict demand = c->demand;
    const float *restrict margin_firm = c->margin_firm, *restrict margin_spot = c->margin_spot;
    const float *restrict correction = c->correction, *restrict accepted = c->accepted;
    const float *restrict wall = c->wall, *restrict elasticity = c->elasticity;
    const float *restrict beta = c->beta, *restrict kappa = c->kappa;
    const float *restrict log_floor = c->log_floor, *restrict log_ceiling = c->log_ceiling;
    const float *restrict least_target = c->least_target, *restrict step_limit = c->step_limit;
    const float *restrict batch_headroom = c->batch_headroom;
    const int *restrict floor_steps = c->floor_steps, *restrict ceiling_steps = c->ceiling_steps;
    float *restrict interest = c->interest, *restrict log_rate = c->log_rate;
    float *restrict firm = c->firm, *restrict total = c->total, *restrict rate = c->rate, *restrict target = c->target;
    int *restrict rate_steps = c->rate_steps;

#pragma GCC ivdep
    for (long i = 0; i < count; i++) {
        float gpus = capacity[i], free = gpus - fmaxf(demand[i], 0.0f), always = gpus - wall[i] * gpus;
        float all = fmaxf(free - fminf(margin_spot[i], margin_firm[i]) * gpus + correction[i], always);
        float sure = fminf(fmaxf(free - margin_firm[i] * gpus, always), all);

        float before = fminf(fmaxf(interest[i], 7.888609e-31f), 8.507059e37f), x = log_rate[i], e = elasticity[i];
        float offered = fminf(accepted[i] * expf(e * x), 8.507059e37f);
        float estimate = before + beta[i] * (offered - before);

        float slice = fmaxf(all, gpus / 1024);
        float supply = slice / (1 + batch_headroom[i] / sqrtf(slice));
        float clearing = logf(estimate / supply) / e;
        float goal = fminf(fmaxf(clearing, least_target[i]), log_ceiling[i]);
        float step = fminf(fmaxf(kappa[i] * (goal - x), -step_limit[i]), step_limit[i]);
        float moved = fminf(fmaxf(x + step, log_floor[i]), log_ceiling[i]);

        int frozen = accepted[i] < 0;
        moved = x + (frozen ? 0.0f : 1.0f) * (moved - x); // by ?: gcc would call expf for both
        float usd = expf(moved);
        int steps = (int)rintf(fminf(usd * 10000, 1 << 30));
        steps = steps > floor_steps[i] ? steps : floor_steps[i];
        steps = steps < ceiling_steps[i] ? steps : ceiling_steps[i];

        firm[i] = sure;
        total[i] = all;
        interest[i] = frozen ? before : estimate;
        log_rate[i] = moved;
        rate[i] = usd;
        target[i] = frozen ? x : goal;
        rate_steps[i] = steps;
    }
}
