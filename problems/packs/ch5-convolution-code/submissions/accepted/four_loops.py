def conv2d(I, K):
    S = []
    for i in range(len(I) - len(K) + 1):
        row = []
        for j in range(len(I[0]) - len(K[0]) + 1):
            total = 0.0
            for m in range(len(K)):
                for n in range(len(K[0])):
                    total += I[i + m][j + n] * K[m][n]
            row.append(total)
        S.append(row)
    return S
